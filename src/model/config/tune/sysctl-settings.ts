import {
  recommendFreeVmemmap,
  recommendMinFree,
  recommendShmall,
  recommendShmmax,
} from './recommended-values.ts'
import { numbers, type TunedSetting } from './setting-kind.ts'

const largestInt = 2n ** 31n - 1n
const largestLong = 2n ** 64n - 1n
/**
 * The kernel starts with this, which is as good as no limit (SHMMAX and SHMALL of
 * include/uapi/linux/shm.h).
 */
const noLimit = largestLong - 2n ** 24n
const kilobyte = 1024n

const sharedMemory = 'a kernel with CONFIG_SYSVIPC'

const ofSysctl = (name: string): string => `/proc/sys/${name}`

/** More than that would keep programs from memory that they need. */
const quarterOfMemory: TunedSetting['limit'] = {
  most: ({ memory }) => memory && memory / 4n,
  why: 'a quarter of the memory: programs would not find the rest',
  upTo: 'a quarter of the memory',
}

/**
 * The kernel has no more segments than these, the second with ipcmni_extend (IPCMNI and
 * IPCMNI_EXTEND of ipc/util.h).
 */
const segments = 2n ** 15n
const extendedSegments = 2n ** 24n

/**
 * The kernel answers EINVAL for a larger number; before 4.19 it took one, and had no use for it
 * (ipc/ipc_sysctl.c).
 */
const segmentsWithoutExtension: TunedSetting['limit'] = {
  most: ({ extendedIpc }) => (extendedIpc === false ? segments : undefined),
  why: 'the most without ipcmni_extend on the kernel command line',
  upTo: `${segments}, or ${extendedSegments} with ipcmni_extend on the kernel command line`,
}

/** Settings that are sysctls: files of /proc/sys. */
export const sysctlSettings: readonly TunedSetting[] = [
  {
    key: 'shm-group',
    path: ofSysctl('vm/hugetlb_shm_group'),
    accepts: { kind: 'group' },
    what: 'may make SysV segments',
    needs: 'a kernel with CONFIG_HUGETLBFS',
  },
  {
    key: 'shmmax',
    path: ofSysctl('kernel/shmmax'),
    accepts: { kind: 'bytes', least: 0n, most: largestLong, max: noLimit },
    what: 'largest SysV segment',
    needs: sharedMemory,
    ofNamespace: true,
    recommend: recommendShmmax,
  },
  {
    key: 'shmall',
    path: ofSysctl('kernel/shmall'),
    accepts: { kind: 'pages', least: 0n, most: largestLong, max: noLimit },
    what: 'pages of all segments',
    needs: sharedMemory,
    ofNamespace: true,
    recommend: recommendShmall,
  },
  {
    key: 'shmmni',
    path: ofSysctl('kernel/shmmni'),
    accepts: numbers(0n, extendedSegments),
    what: 'number of segments',
    needs: sharedMemory,
    ofNamespace: true,
    limit: segmentsWithoutExtension,
  },
  {
    key: 'min-free',
    path: ofSysctl('vm/min_free_kbytes'),
    accepts: {
      kind: 'bytes',
      unit: kilobyte,
      least: 1024n * kilobyte,
      most: largestInt * kilobyte,
    },
    what: 'memory kept free',
    needs: 'a mounted /proc',
    recommend: recommendMinFree,
    limit: quarterOfMemory,
  },
  {
    key: 'overcommit-memory',
    path: ofSysctl('vm/overcommit_memory'),
    accepts: numbers(0n, 2n),
    what: 'promises of memory',
    needs: 'a mounted /proc',
  },
  {
    key: 'compaction-proactiveness',
    path: ofSysctl('vm/compaction_proactiveness'),
    accepts: numbers(0n, 100n, '%'),
    what: 'compaction, in %',
    needs: 'Linux 5.9 or later with CONFIG_COMPACTION',
  },
  {
    key: 'zone-reclaim',
    path: ofSysctl('vm/zone_reclaim_mode'),
    accepts: numbers(0n, 7n),
    what: 'reclaim on full nodes',
    needs: 'a kernel with CONFIG_NUMA',
  },
  {
    key: 'free-vmemmap',
    path: ofSysctl('vm/hugetlb_optimize_vmemmap'),
    accepts: { kind: 'switch' },
    what: 'frees page structs',
    needs: 'Linux 5.19 or later with CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP',
    recommend: recommendFreeVmemmap,
  },
  {
    key: 'movable-gigantic',
    path: ofSysctl('vm/movable_gigantic_pages'),
    accepts: { kind: 'switch' },
    what: '1G in ZONE_MOVABLE',
    needs: 'Linux 7.0 or later with gigantic pages',
  },
]
