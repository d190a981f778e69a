import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import {
  type FindingName,
  findingNames,
  findingsOf,
} from '../../../../src/model/doctor/findings/finding-table.ts'
import { findingWords } from '../../../../src/model/doctor/findings/finding-words.ts'
import type {
  KnownMachine,
  KnownStart,
} from '../../../../src/model/doctor/findings/known-machine.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import type { CgroupTrouble } from '../../../../src/model/processes/cgroup-trouble.ts'
import type { HugeFile } from '../../../../src/model/processes/files/huge-file.ts'
import { nothingFound } from '../../../helpers/found-pages.ts'
import {
  healthyMachine,
  onNode,
  shownMount,
  withOwnPool,
  withPool,
} from '../../../helpers/healthy-machine.ts'
import { G, M } from '../../../helpers/sizes.ts'

type Cause = (known: KnownMachine) => KnownMachine

const K = 1024n

const startOf = ({ start }: KnownMachine): KnownStart =>
  start ?? { items: [], written: [], writers: [], isPartial: false }

const inStart =
  (change: (start: KnownStart) => Partial<KnownStart>): Cause =>
  (known) => ({ ...known, start: { ...startOf(known), ...change(startOf(known)) } })

const trouble =
  (kind: CgroupTrouble['kind']): Cause =>
  (known) => ({
    ...known,
    cgroupTroubles: [
      ...known.cgroupTroubles,
      { group: '/app', size: 2n * M, kind, file: 'hugetlb.2MB.max', value: 3n },
    ],
  })

const leftFile: HugeFile = {
  path: '/mnt/huge/rtemap_0',
  reach: '/mnt/huge/rtemap_0',
  mount: '/mnt/huge',
  key: '00:27:1',
  pageSize: 2n * M,
  pages: 3n,
  size: 6n * M,
  users: [],
  state: 'left',
  covers: false,
  uid: 0,
  gid: 0,
  mode: 0o600,
  touched: 0,
} as unknown as HugeFile

const withHolding =
  (change: Partial<NonNullable<KnownMachine['holding']>>): Cause =>
  (known) => ({
    ...known,
    holding: { books: [], found: nothingFound, left: [], ...known.holding, ...change },
  })

const kubelet = {
  pid: 9,
  file: '/var/lib/kubelet/memory_manager_state',
  config: '/var/lib/kubelet/config.yaml',
}

/** What a kubelet counted that sees the pools, and the one that a later cause adds. */
const countedIn = (pools: readonly Pool[]) =>
  new Map([
    [16n * M, 160_000n * M],
    ...pools.map(({ size, total }) => [size, size * total] as const),
  ])

/** What makes each finding, each in a way that goes together with all others. */
const causes: Partial<Readonly<Record<FindingName, Cause>>> = {
  'pool-unreadable': (known) => ({
    ...known,
    machine: {
      ...known.machine,
      unreadable: [
        { size: 64n * K, error: new HugepoolError('E_KERNEL', 'not-understood', 'garbage') },
      ],
    },
  }),
  'pool-nearly-used': withOwnPool(128n * K, {
    free: 5n,
    reserved: 0n,
    nodes: [onNode(0, 50n, 3n), onNode(1, 50n, 2n)],
  }),
  'pool-all-reserved': withOwnPool(256n * K, { reserved: 60n }),
  'node-empty': withOwnPool(512n * K, { nodes: [onNode(0, 50n, 60n), onNode(1, 50n, 0n)] }),
  'surplus-stays': withOwnPool(1n * M, {
    surplus: 2n,
    nodes: [{ ...onNode(0, 50n, 30n), surplus: 2n }, onNode(1, 50n, 30n)],
  }),
  margin: (known) => ({
    ...known,
    machine: { ...known.machine, memory: { total: 16n * G, available: 100n * M } },
  }),
  'growth-failed': (known) => ({ ...known, failedGrowths: 7n }),
  'pages-unexplained': withHolding({
    books: [
      {
        size: 2n * M,
        inUse: 40n,
        explained: 38n,
        unexplained: 2n,
        reserved: 10n,
        reservedExplained: 10n,
        isExceeded: false,
      },
    ],
  }),
  'files-left': withHolding({ left: [leftFile] }),
  'mount-hidden': (known) => ({
    ...known,
    mounts: [...(known.mounts ?? []), shownMount('/run/app/huge', 2n * M, true)],
  }),
  'mount-doubled': (known) => ({
    ...known,
    mounts: [...(known.mounts ?? []), shownMount('/dev/hugepages', 2n * M, true)],
  }),
  'pages-without-mount': (known) => {
    const { mounts, ...rest } = withOwnPool(4n * M)(known)
    return { ...rest, mounts: (mounts ?? []).filter(({ pageSize }) => pageSize !== 4n * M) }
  },
  'mount-without-pages': (known) => ({
    ...known,
    mounts: [...(known.mounts ?? []), shownMount('/mnt/1G', G)],
  }),
  'dev-hugepages-masked': (known) => ({
    ...known,
    isUsualMountMasked: true,
    mounts: (known.mounts ?? []).map((mount) => ({
      ...mount,
      target: mount.target === '/dev/hugepages' ? '/mnt/huge' : mount.target,
    })),
  }),
  'configuration-wrong': inStart(() => ({
    error: new HugepoolError('E_CONFIG', 'wrong-words', 'hugepool.toml:1: no'),
  })),
  'persisted-not-there': inStart(({ items }) => ({
    items: [
      ...items,
      {
        attribute: 'persistent',
        size: 2n * M,
        key: 'pools.2M.pages',
        wanted: 200n,
        found: 100n,
        state: 'drift',
        essential: true,
        lacks: true,
      },
    ],
  })),
  'there-not-persisted': (known) => {
    const more = withOwnPool(8n * M)(known)
    return inStart(({ written }) => ({
      written: written.filter(({ what }) => what?.size !== 8n * M),
    }))(more)
  },
  'several-writers': inStart(({ written }) => ({
    written: [
      {
        source: 'kernel-line',
        what: { attribute: 'persistent', size: 2n * M },
        value: '60',
        file: '/proc/cmdline',
      },
      ...written,
    ],
  })),
  'shm-group-unknown': (known) => ({
    ...known,
    shmGroup: { id: 54321n, isNamed: false, asksOthers: false },
  }),
  'cgroup-limit': trouble('too-small'),
  'cgroup-late': trouble('late'),
  'cgroup-refused': trouble('refused'),
  fragmented: (known) => ({
    ...withOwnPool(64n * M, { overcommit: 100n })(known),
    blocks: new Map([[64n * M, [{ node: 0, free: 4n * G, gigantic: false, ready: 2n }]]]),
  }),
  'cgroup-undelegated': (known) => ({ ...known, unlimited: ['/kubepods.slice'] }),
  'pool-too-small': (known) => ({
    ...known,
    databases: [{ file: '/etc/my.cnf', asked: 'large-pages', bytes: G, insists: true }],
  }),
  'fell-back': (known) => ({
    ...known,
    programs: {
      ...known.programs,
      programs: [
        {
          pid: 7,
          command: 'java',
          words: ['java', '-XX:+UseLargePages'],
          areas: { huge: 48n * M, largestPrivate: 4n * G, largestShared: 0n },
        },
      ],
    },
  }),
  'kubelet-stale': (known) => ({
    ...known,
    kubelet: { ...kubelet, ...known.kubelet },
  }),
  'kubelet-keeps': (known) => ({
    ...known,
    kubelet: {
      ...(known.kubelet ?? { ...kubelet, counted: countedIn(known.machine.pools) }),
      kept: new Map([[2n * M, G]]),
    },
  }),
  'vmemmap-off': (known) => ({
    ...withOwnPool(16n * M, {
      total: 10_000n,
      free: 9_960n,
      nodes: [onNode(0, 5000n, 4980n), onNode(1, 5000n, 4980n)],
    })(known),
    freesVmemmap: false,
  }),
  'crash-kernel': (known) => ({ ...known, line: 'crashkernel=256M hugepages=4' }),
}

const base: KnownMachine = healthyMachine

const namesOf = (known: KnownMachine): readonly FindingName[] => [
  ...new Set(findingsOf(known).map(({ finding }) => finding)),
]

t.test('a healthy machine has no finding', async (t) => {
  t.strictSame(findingsOf(base), [])
  t.equal(findingWords(findingsOf(base)), 'nothing is wrong')
})

t.test('each cause alone makes its finding, and no other', async (t) => {
  for (const name of findingNames) {
    const cause = causes[name]
    if (cause !== undefined) t.strictSame(namesOf(cause(base)), [name], name)
  }
})

t.test('two causes make both findings, and no other', async (t) => {
  const named = findingNames.flatMap((name) =>
    causes[name] ? [[name, causes[name]] as const] : [],
  )
  for (const [first, one] of named)
    for (const [second, other] of named)
      if (findingNames.indexOf(first) < findingNames.indexOf(second))
        t.strictSame(namesOf(other(one(base))), [first, second], `${first} and ${second}`)
})

const hintless = (known: KnownMachine): readonly FindingName[] =>
  findingsOf(known).flatMap(({ finding, hints = [] }) => (hints.length === 0 ? [finding] : []))

t.test('each finding has a hint', async (t) => {
  for (const [name, cause] of Object.entries(causes)) t.strictSame(hintless(cause(base)), [], name)
})

/** A machine without a page, where some findings alone are possible. */
const empty = withPool(2n * M, {
  total: 0n,
  free: 0n,
  reserved: 0n,
  nodes: [onNode(0, 0n, 0n), onNode(1, 0n, 0n)],
})({ ...base, start: { ...startOf(base), written: [] } })

const inUseNowhere = withPool(2n * M, {
  total: 1000n,
  free: 1000n,
  reserved: 0n,
  nodes: [onNode(0, 500n, 500n), onNode(1, 500n, 500n)],
})(base)

t.test('what only a machine without pages in use can have', async (t) => {
  t.strictSame(namesOf(empty), [])
  t.strictSame(namesOf({ ...empty, transparent: 2n * G }), ['thp-mistaken'])
  t.strictSame(namesOf({ ...empty, transparent: G - 1n }), [])
  t.strictSame(namesOf({ ...base, transparent: 2n * G }), [])
  t.strictSame(namesOf(withOwnPool(32n * M)(empty)), ['default-size'])
  const largest = { pid: 5, command: 'zoo', resident: G }
  for (const known of [
    { ...empty, transparent: 2n * G },
    withOwnPool(32n * M)(empty),
    { ...inUseNowhere, programs: { programs: [], largest } },
  ])
    t.strictSame(hintless(known), [])
  t.strictSame(namesOf(inUseNowhere), [])
  t.strictSame(namesOf({ ...inUseNowhere, programs: { programs: [], largest } }), ['pool-idle'])
  t.strictSame(
    namesOf({
      ...inUseNowhere,
      programs: { programs: [], largest: { ...largest, resident: G - 1n } },
    }),
    [],
  )
  t.strictSame(
    [...Object.keys(causes), 'thp-mistaken', 'default-size', 'pool-idle'].sort(),
    [...findingNames].sort(),
    'every finding has a cause here',
  )
})

t.test('the sum of all findings', async (t) => {
  const all = Object.values(causes).reduce((known, cause) => cause(known), base)
  t.equal(findingWords(findingsOf(all)), '4 problems, 14 warnings, 12 notes')
  const note = causes['growth-failed']?.(base) ?? base
  t.equal(findingWords(findingsOf(note)), 'nothing is wrong, 1 note')
})
