import t from 'tap'
import type { KnownMachine } from '../../../../src/model/doctor/findings/known-machine.ts'
import {
  fellBackToSmall,
  kubeletKeeps,
  kubeletStale,
  poolIdle,
  thpMistaken,
} from '../../../../src/model/doctor/findings/process-findings.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import type { LargeProgram } from '../../../../src/model/processes/large-program.ts'
import { knownPools, poolOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const known = (pools: readonly Partial<Pool>[], of: Partial<KnownMachine> = {}): KnownMachine =>
  knownPools(pools.map(poolOf), of)

const none = { total: 0n, free: 0n }

t.test('transparent huge pages that may be taken for those of a pool', async (t) => {
  const faultOf = (memory: string) => [
    {
      level: 'note',
      what: `the ${memory} of AnonHugePages in /proc/meminfo are transparent huge pages: no pool has a page, and a program that asks for HugeTLB gets none`,
      hints: ["'hugepool resize SIZE=COUNT' makes pages for such programs"],
    },
  ]
  t.strictSame(thpMistaken(known([none])), [])
  t.strictSame(thpMistaken(known([none], { transparent: G - 1n })), [])
  t.strictSame(thpMistaken(known([none], { transparent: G })), faultOf('1G'))
  t.strictSame(thpMistaken(known([], { transparent: 12n * G + 1n })), faultOf('12G'))
  t.strictSame(thpMistaken(known([none, { total: 1n, free: 1n }], { transparent: G })), [])
})

const largest = { pid: 5, command: 'zoo', resident: G }
const gigabyte = { total: 512n, free: 512n }

const idleOf = (pools: readonly Partial<Pool>[], of: Partial<typeof largest> = {}) =>
  poolIdle(known(pools, { programs: { programs: [], largest: { ...largest, ...of } } }))

t.test('pools that nobody uses beside a large process', async (t) => {
  const idle = {
    level: 'warning',
    what: 'nobody uses any of 512 pages of 2M (1G), while process 5 (zoo) has 1G in base pages',
    hints: ["have it ask for huge pages, or give them back: 'hugepool resize 2M=0'"],
  }
  t.strictSame(idleOf([gigabyte]), [idle])
  t.strictSame(idleOf([gigabyte, none]), [idle])
  t.strictSame(idleOf([gigabyte, { size: G, total: 1n, free: 1n }], { resident: 12n * G + 1n }), [
    { ...idle, what: idle.what.replace('has 1G', 'has 12G') },
    {
      level: 'warning',
      what: 'nobody uses the only page of 1G (1G), while process 5 (zoo) has 12G in base pages',
      hints: ["have it ask for huge pages, or give them back: 'hugepool resize 1G=0'"],
    },
  ])
  t.strictSame(idleOf([{ ...gigabyte, reserved: 0n }]), [idle])
  t.strictSame(idleOf([{ ...gigabyte, reserved: -1n }]), [idle])
  t.strictSame(idleOf([gigabyte, { size: G, total: 3n, free: 3n, reserved: 1n }]), [idle])
})

t.test('a pool that nobody uses is not hidden by another that is used', async (t) => {
  const idle = { size: G, total: 100n, free: 100n }
  const levelsBeside = (inUse: bigint) =>
    idleOf([{ total: 100_000n, free: 100_000n - inUse }, idle]).map(({ level, what }) => [
      level,
      what.slice(0, what.indexOf(' (')),
    ])
  const what = 'nobody uses any of 100 pages of 1G'
  t.strictSame(levelsBeside(1n), [['warning', what]])
  t.strictSame(levelsBeside(51_199n), [['warning', what]])
  t.strictSame(levelsBeside(51_200n), [['note', what]], 'as much is used elsewhere')
})

t.test('pools that are small or in use, and processes that are small', async (t) => {
  t.strictSame(idleOf([{ total: 511n, free: 511n }]), [])
  t.strictSame(idleOf([{ ...gigabyte, reserved: 1n }]), [])
  t.strictSame(idleOf([{ ...gigabyte, free: 511n }]), [])
  t.strictSame(idleOf([gigabyte], { resident: G - 1n }), [])
  t.strictSame(idleOf([]), [])
  t.strictSame(idleOf([none]), [])
  t.strictSame(poolIdle(known([gigabyte])), [], 'no process is seen')
})

t.test('programs that went on without huge pages', async (t) => {
  const java: LargeProgram = {
    pid: 7,
    command: 'java',
    words: ['java', '-XX:+UseLargePages'],
    areas: { huge: 48n * M, largestPrivate: 12n * G + M, largestShared: 0n },
  }
  const cat: LargeProgram = { ...java, pid: 8, command: 'cat' }
  const mysqld: LargeProgram = {
    pid: 9,
    command: 'mysqld',
    words: ['mysqld', '--large-pages'],
    areas: { huge: 0n, largestPrivate: G, largestShared: 0n },
  }
  t.strictSame(fellBackToSmall(known([])), [])
  t.strictSame(fellBackToSmall(known([], { programs: { programs: [java, cat, mysqld] } })), [
    {
      level: 'warning',
      what: 'process 7 (java) asks for huge pages (-XX:+UseLargePages), and has 12G in base pages: it went on without them and said nothing',
      hints: ["'hugepool doctor default=12289M' tells what was in its way; then start it again"],
    },
    {
      level: 'warning',
      what: 'process 9 (mysqld) asks for huge pages (--large-pages), and has 1G in base pages: it went on without them and said nothing',
      hints: ["'hugepool doctor default=1G' tells what was in its way; then start it again"],
    },
  ])
})

const kubelet = {
  pid: 9,
  file: '/var/lib/kubelet/memory_manager_state',
  config: '/etc/kubelet.yaml',
}

t.test('a kubelet that counted other pools than there are', async (t) => {
  const differs = (counted: string, size: string, has: string) => ({
    level: 'warning',
    what: `the kubelet counts ${counted} in pages of ${size}, and the pool has ${has}: it looked when it started`,
    hints: [
      "drain the node, remove /var/lib/kubelet/memory_manager_state, then 'systemctl restart kubelet'",
    ],
  })
  const pools = [{}, { size: G, total: 2n }, { ...none, size: 16n * G }]
  const counting = (...counted: readonly (readonly [bigint, bigint])[]) =>
    kubeletStale(known(pools, { kubelet: { ...kubelet, counted: new Map(counted) } }))
  t.strictSame(counting([2n * M, 200n * M], [G, 2n * G]), [])
  t.strictSame(counting([2n * M, 200n * M], [G, 2n * G], [16n * G, 0n]), [])
  t.strictSame(counting(), [differs('0', '2M', '200M'), differs('0', '1G', '2G')])
  t.strictSame(counting([2n * M, 200n * M], [G, 3n * G], [16n * G, 32n * G]), [
    differs('3G', '1G', '2G'),
    differs('32G', '16G', '0'),
  ])
})

t.test('a kubelet that does not say what it counted', async (t) => {
  const unclear = (offers: string) => [
    {
      level: 'note',
      what: `a kubelet runs (process 9), which reads the pools at its start only: what it offers to pods can differ from what there is (${offers})`,
      hints: [
        "'kubectl describe node' shows what it offers; after a change of pools: 'systemctl restart kubelet'",
      ],
    },
  ]
  const offered = (pools: readonly Partial<Pool>[], kept?: ReadonlyMap<bigint, bigint>) =>
    kubeletStale(known(pools, { kubelet: { ...kubelet, ...(kept && { kept }) } }))
  t.strictSame(offered([none, {}]), unclear('200M in pages of 2M'))
  t.strictSame(offered([{ total: 1n }]), unclear('2M in pages of 2M'))
  const both = [{}, { size: G, total: 2n }]
  const less = unclear('198M in pages of 2M, 0 in pages of 1G')
  for (const gigantic of [2n * G, 3n * G])
    t.strictSame(
      offered(
        both,
        new Map([
          [2n * M, 2n * M],
          [G, gigantic],
        ]),
      ),
      less,
    )
  t.strictSame(offered([none]), [])
  t.strictSame(kubeletStale(known([{}])), [], 'no kubelet runs')
})

t.test('a kubelet that keeps more from pods than there is', async (t) => {
  const keeps = (...kept: readonly (readonly [bigint, bigint])[]) =>
    kubeletKeeps(
      known([{}, { size: G, total: 0n, free: 0n }], {
        kubelet: { ...kubelet, kept: new Map(kept) },
      }),
    )
  t.strictSame(keeps([2n * M, 200n * M], [64n * M, 64n * M]), [])
  const less =
    "make systemReserved, kubeReserved and reservedMemory in /etc/kubelet.yaml less than the pool, then 'systemctl restart kubelet'"
  t.strictSame(keeps([2n * M, 202n * M], [G, G]), [
    {
      level: 'warning',
      what: 'the kubelet keeps 202M in pages of 2M from pods, and the pool has 200M: no pod gets one',
      hints: [less],
    },
    {
      level: 'warning',
      what: 'the kubelet keeps 1G in pages of 1G from pods, and the pool has 0: no pod gets one',
      hints: [less],
    },
  ])
  t.strictSame(kubeletKeeps(known([{}], { kubelet })), [])
  t.strictSame(kubeletKeeps(known([{}])), [], 'no kubelet runs')
})
