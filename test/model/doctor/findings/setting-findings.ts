import t from 'tap'
import type { FoundWriter } from '../../../../src/model/config/writers/writer.ts'
import type {
  KnownMachine,
  KnownShmGroup,
} from '../../../../src/model/doctor/findings/known-machine.ts'
import {
  crashKernel,
  shmGroupUnknown,
  vmemmapOff,
} from '../../../../src/model/doctor/findings/setting-findings.ts'
import { knownPools, poolOf, startOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const groupOf = (of: Partial<KnownShmGroup> = {}) =>
  shmGroupUnknown(
    knownPools([], { shmGroup: { id: 54321n, isNamed: false, asksOthers: false, ...of } }),
  )

t.test('a group of SysV segments that has no name', async (t) => {
  const what =
    'the members of group 54321 may make SysV segments of huge pages, and no group of /etc/group has this number'
  t.strictSame(groupOf(), [
    {
      level: 'warning',
      what,
      hints: ["'hugepool tune shm-group=GROUP --persist' sets another one"],
    },
  ])
  t.strictSame(groupOf({ asksOthers: true }), [
    { level: 'note', what, hints: ["'getent group 54321' asks the other sources of groups"] },
  ])
  t.strictSame(groupOf({ isNamed: true }), [])
  t.strictSame(groupOf({ id: 0n }), [])
  t.strictSame(groupOf({ id: 1n }).length, 1)
  t.strictSame(shmGroupUnknown(knownPools([])), [], 'it is not seen')
})

/** Of each page of 2M the kernel could free 28K, so that 16M are those of 586 pages nearly. */
const savedOf = (pages: readonly bigint[], of: Partial<KnownMachine> = { freesVmemmap: false }) =>
  vmemmapOff(
    knownPools(
      pages.map((total) => poolOf({ total })),
      of,
    ),
  )

t.test('memory of page structs that the kernel could free', async (t) => {
  const faultOf = (memory: string) => [
    {
      level: 'note',
      what: `the kernel could free ${memory} of page structs of the pools (HVO), which is off`,
      hints: [
        "'hugepool tune free-vmemmap=1 --persist' is for pages that are made afterwards; 'hugepool boot --hvo on' writes the word for the next start",
      ],
    },
  ]
  t.strictSame(savedOf([585n]), [])
  t.strictSame(savedOf([586n]), faultOf('16M'))
  t.strictSame(savedOf([300n, 285n]), [])
  t.strictSame(savedOf([300n, 286n]), faultOf('16M'))
  t.strictSame(savedOf([10_000n]), faultOf('273M'))
  t.strictSame(savedOf([10_000n], { freesVmemmap: true }), [])
  t.strictSame(savedOf([10_000n], {}), [], 'this kernel cannot')
  t.strictSame(savedOf([586n], { freesVmemmap: false, basePage: 65536n }), [])
})

t.test('16M are worth a word, and less is not', async (t) => {
  /** Pages of so many base pages, each with a page struct of 64 bytes. */
  const savedBy = (basePages: bigint, total: bigint) =>
    vmemmapOff(
      knownPools([poolOf({ size: basePages * 4096n, total })], { freesVmemmap: false }),
    ).map(({ what }) => what)
  const least = (16n * M + 4096n) / 64n
  const words = (memory: string) =>
    `the kernel could free ${memory} of page structs of the pools (HVO), which is off`
  t.strictSame(savedBy(least - 1n, 1n), [])
  t.strictSame(savedBy(least, 1n), [words('16M')])
  t.strictSame(savedBy(least, 64n), [words('1G')])
})

const crashOf = (of: Partial<KnownMachine>) => crashKernel(knownPools([poolOf()], of))

const crashFinding = (memory: string, makers: string) => [
  {
    level: 'note',
    what: `a crash kernel has ${memory}, and would make the pools of ${makers} too, unless its configuration leaves them out`,
    hints: [
      'add hugepages, hugepagesz and hugetlb_cma to KDUMP_COMMANDLINE_REMOVE, or hugepages=0 to the words of kdump',
    ],
  },
]

t.test('a crash kernel that is started with the words of this one', async (t) => {
  t.strictSame(
    crashOf({ line: 'quiet crashkernel=256M hugepages=4 hugetlb-cma=1G hugepages=8' }),
    crashFinding('little memory', 'hugepages, hugetlb_cma'),
  )
  t.strictSame(
    crashOf({ line: 'hugepages=4', crashMemory: 256n * M }),
    crashFinding('256M', 'hugepages'),
  )
  t.strictSame(
    crashOf({ line: 'crashkernel=1G hugepages=4', crashMemory: 0n }),
    crashFinding('little memory', 'hugepages'),
  )
  t.strictSame(
    crashOf({ line: 'hugetlb_cma=1G', crashMemory: 1n }),
    crashFinding('1', 'hugetlb_cma'),
  )
  t.strictSame(crashOf({ line: 'hugepages=4' }), [])
  t.strictSame(crashOf({ line: 'hugepages=4', crashMemory: 0n }), [])
  t.strictSame(crashOf({ line: 'crashkernel=256M hugepagesz=1G' }), [])
  t.strictSame(crashOf({ line: 'hugepages=4 -- crashkernel=256M' }), [], 'that word is for init')
  t.strictSame(crashOf({ crashMemory: G }), [], 'nothing makes pools')
})

t.test('a crash kernel that reads the files of sysctl.d', async (t) => {
  const sysctl: FoundWriter = {
    source: 'sysctl',
    what: { attribute: 'persistent', size: 2n * M },
    value: '100',
    file: '/etc/sysctl.d/90-huge.conf',
  }
  const written: readonly FoundWriter[] = [
    sysctl,
    { ...sysctl, what: { attribute: 'persistent', size: G } },
    { ...sysctl, what: { attribute: 'overcommit', size: G }, file: '/etc/sysctl.d/over.conf' },
    { source: 'sysctl', file: '/etc/sysctl.d/unclear.conf' },
    { ...sysctl, source: 'tmpfiles', file: '/etc/tmpfiles.d/huge.conf' },
    { ...sysctl, overridden: true, file: '/etc/sysctl.d/10-early.conf' },
  ]
  const crashMemory = 512n * M
  const start = startOf({ written })
  t.strictSame(crashOf({ crashMemory, start }), crashFinding('512M', '/etc/sysctl.d/90-huge.conf'))
  t.strictSame(
    crashOf({ crashMemory, start, line: 'hugepages=4' }),
    crashFinding('512M', 'hugepages, /etc/sysctl.d/90-huge.conf'),
  )
  t.strictSame(crashOf({ crashMemory, start: startOf({ written: written.slice(2) }) }), [])
  t.strictSame(crashOf({ start }), [])
})
