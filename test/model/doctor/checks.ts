import t from 'tap'
import type { Via } from '../../../src/model/mapping/mapping-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { examineMapping } from '../../../src/operations/doctor/examine-mapping.ts'
import { type DoctorStage, openStage, portsOf } from '../../helpers/doctor-stage.ts'

/** The check that fails on a stage, why, and what can be typed. */
const failed = async (via: Via, stage: Partial<DoctorStage>) => {
  const {
    result: { findings },
  } = await examineMapping(portsOf({ ...openStage, ...stage }, via), {
    about: 'mapping',
    assignment: parseAssignment('2M=4'),
    via,
    populate: false,
    noreserve: false,
    verify: false,
    frames: false,
    readOften: false,
    processes: 1,
    subject: { kind: 'self' },
    fork: false,
    tries: false,
  })
  return findings
    .filter(({ result }) => result === 'fail')
    .map(({ check, why, hints = [] }) => [check, why, ...hints])
}

t.test('segments', async (t) => {
  const [[check, why, ...hints] = []] = await failed('shm', { shmGroup: 0 })
  t.equal(check, 'shm-group')
  t.match(why, /^shmget gives EPERM: SHM_HUGETLB needs CAP_IPC_LOCK \(this process has it not\)/)
  t.strictSame(hints, [
    "'hugepool tune shm-group=1000 --persist' lets that group in",
    '--via anon and --via memfd need no privilege',
  ])
  const hintOf = async (stage: Partial<DoctorStage>) => {
    const [[name, , hint] = []] = await failed('shm', stage)
    return [name, hint]
  }
  t.strictSame(await hintOf({ shmmax: 1 }), [
    'shmmax',
    "'hugepool tune shmmax=8M --persist' allows it",
  ])
  t.strictSame(await hintOf({ shmall: 3 }), [
    'shmall',
    "'hugepool tune shmall=2560 --persist' allows it",
  ])
  t.strictSame(await hintOf({ segments: 10 }), [
    'shmmni',
    "'hugepool tune shmmni=11 --persist' allows it",
  ])
})

t.test('limits of the process and of its cgroups', async (t) => {
  t.strictSame(await failed('anon', { addressSpace: 3 }), [
    [
      'address-space',
      'ENOMEM: no room for 8M in the address space',
      "'prlimit --pid $$ --as=unlimited' raises it",
    ],
  ])
  t.strictSame(await failed('anon', { mappings: 100 }), [
    [
      'map-count',
      'ENOMEM: the process has 100 mappings, and vm.max_map_count allows 100',
      "'sysctl vm.max_map_count=101' allows more",
    ],
  ])
  t.strictSame(await failed('anon', { own: { reserved: 3 } }), [
    [
      'cgroup-rsvd',
      'the cgroup /up/own allows 8M (hugetlb.2MB.rsvd.max) and has 2M: too little',
      "'echo 10485760 > /sys/fs/cgroup/up/own/hugetlb.2MB.rsvd.max' lets it have them",
    ],
  ])
  t.strictSame(await failed('anon', { own: { memory: 3 } }), [
    [
      'cgroup-memory',
      'the cgroup /up/own allows 6M (memory.max) and has 0, and huge pages count in it (memory_hugetlb_accounting)',
      "'echo 8388608 > /sys/fs/cgroup/up/own/memory.max' lets it have them",
    ],
  ])
})

t.test('mounts', async (t) => {
  t.strictSame(await failed('file', { mount: 'none' }), [
    [
      'mount',
      'no hugetlbfs with pages of 2M is mounted',
      "'hugepool mount DIR --pagesize 2M --mkdir' makes one; --via memfd needs none",
    ],
  ])
  t.strictSame(await failed('file', { mount: 'hidden' }), [
    [
      'mount-hidden',
      'another mount lies over /mnt/huge',
      "'umount /mnt/huge' takes away what lies over it",
    ],
  ])
  t.strictSame(await failed('file', { mount: 'ro' }), [
    [
      'mount-read-only',
      '/mnt/huge: the mount is read-only (EROFS)',
      "'mount -o remount,rw /mnt/huge' makes it writable",
    ],
  ])
  t.strictSame(await failed('file', { mountGroup: 60 }), [
    [
      'mount-permission',
      '/mnt/huge: permission denied (EACCES)',
      "'chgrp 1000 /mnt/huge' and 'chmod g+rwx /mnt/huge' let that group in; --via memfd needs no mount",
    ],
  ])
  t.strictSame(await failed('file', { mountInodes: 0 }), [
    [
      'mount-inodes',
      '/mnt/huge: the mount may hold no more files (ENOSPC)',
      "'hugepool files' shows what can be removed",
      "'hugepool umount /mnt/huge' and 'hugepool mount /mnt/huge --pagesize 2M --nr-inodes 2', with its other options, make a larger one without the files of this one",
    ],
  ])
})
