import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import type { Configuration, ConfiguredMount } from '../../../src/model/config/configuration.ts'
import {
  overcommitAssignments,
  pagesAssignments,
} from '../../../src/model/config/configured-assignments.ts'
import { parseConfiguredPages } from '../../../src/model/config/configured-count.ts'
import { desiredLines, settingPaths } from '../../../src/model/config/desired-lines.ts'
import { type DesiredFacts, planDesired } from '../../../src/model/config/desired-plan.ts'
import { parseMountLimit } from '../../../src/model/mounts/mount-limit.ts'
import { planOvercommit } from '../../../src/model/pools/overcommit-plan.ts'
import { planResize } from '../../../src/model/pools/resize-plan.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = machineOf(
  [
    poolOf(M / 16n),
    poolOf(2n * M, { isDefault: true, demoteSize: M / 16n }),
    poolOf(G, { total: 1n, free: 1n, demoteSize: 2n * M }),
  ],
  [nodeOf(0, 4n * G)],
)

const mount = (target: string, minSize: string): ConfiguredMount => ({
  mkdir: false,
  over: false,
  request: { target, pageSize: 2n * M, minSize: parseMountLimit(minSize), flagWords: '' },
})

const usual = { essential: true, optional: false, boot: false }
const configuration: Configuration = {
  pools: [
    { ...usual, size: G, pages: parseConfiguredPages('0'), demoteSize: M / 16n },
    { ...usual, size: 2n * M, pages: parseConfiguredPages('8'), overcommit: parseCount('4') },
  ],
  mounts: [mount('/mnt/a', '50%'), mount('/mnt/b', '10M')],
  boot: { defaultPageSize: G },
  tune: { shmGroup: 'db' },
  files: ['/etc/hugepool.toml'],
  skipped: [],
  positions: new Map(),
}

const state = { kind: 'empty', missing: [] } as const
const owner = { uid: 0, gid: 0 }
const group = { path: '/proc/sys/vm/hugetlb_shm_group', before: 0n, requested: 70n }
const facts: DesiredFacts = {
  machine,
  pages: planResize(machine, {
    assignments: pagesAssignments(machine, configuration.pools),
    keepGoing: true,
  }),
  overcommit: planOvercommit(machine, {
    assignments: overcommitAssignments(configuration.pools),
    keepGoing: true,
  }),
  mounts: configuration.mounts.map(({ request }) => ({ request, facts: { state, owner } })),
  group,
  kernelLine: { line: '', series: [6, 12], bootMachine, freeVmemmap: undefined },
}

t.test('everything is compared, in the order in which it is done', async (t) => {
  const { items } = planDesired(configuration, facts)
  t.strictSame(
    items.map((item) => [item.key, item.state, item.planned ?? false]),
    [
      ['pools.1G.pages', 'drift', true],
      ['pools.2M.pages', 'drift', true],
      ['pools.1G.demote-size', 'drift', true],
      ['mounts."/mnt/a"', 'missing', true],
      ['mounts."/mnt/b"', 'short', false],
      ['tune.shm-group', 'drift', true],
      ['pools.2M.overcommit', 'drift', true],
      ['boot.default-page-size', 'next-boot', false],
    ],
  )
})

t.test('mounts are planned with the pools as they are to be', async (t) => {
  const { mounts } = planDesired(configuration, facts)
  const [first, second] = mounts
  t.hasStrict(first?.judged?.plan, { kind: 'mount', desired: { minSize: 8n * M } })
  t.match(second?.item.why, 'but 4 are available')
})

t.test('the lines and the files of it', async (t) => {
  const plan = planDesired(configuration, facts)
  const at = (size: string, name: string) => `/sys/kernel/mm/hugepages/hugepages-${size}/${name}`
  t.strictSame(desiredLines(plan), [
    `echo 0 > ${at('1048576kB', 'nr_hugepages')}`,
    `echo 8 > ${at('2048kB', 'nr_hugepages')}`,
    `echo 64kB > ${at('1048576kB', 'demote_size')}`,
    'mount -t hugetlbfs -o nosuid,nodev,uid=0,gid=0,mode=0755,pagesize=2M,min_size=8388608 none /mnt/a',
    'echo 70 > /proc/sys/vm/hugetlb_shm_group',
    `echo 4 > ${at('2048kB', 'nr_overcommit_hugepages')}`,
  ])
  t.strictSame(settingPaths(plan), [
    at('1048576kB', 'demote_size'),
    '/proc/sys/vm/hugetlb_shm_group',
    at('2048kB', 'nr_overcommit_hugepages'),
  ])
})

t.test('what is as wanted, or not known, is no step', async (t) => {
  const same = planDesired(configuration, { ...facts, group: { ...group, before: 70n } })
  t.notOk('group' in same)
  t.equal(same.items.find(({ key }) => key === 'tune.shm-group')?.state, 'ok')
  const error = unsupported('no-feature', 'no')
  const lacking = planDesired(configuration, { ...facts, group: { error }, mounts: [{ error }] })
  t.notOk('group' in lacking)
  t.strictSame(
    lacking.items.flatMap(({ attribute, state: is }) =>
      attribute === 'mount' || attribute === 'shm-group' ? [[attribute, is]] : [],
    ),
    [
      ['mount', 'short'],
      ['shm-group', 'short'],
    ],
  )
  const empty = { ...configuration, pools: [], mounts: [], boot: {}, tune: {} }
  const none = { steps: [], settings: [], memoryMinimums: [], notes: [] }
  const { group: _, ...bare } = facts
  const plan = planDesired(empty, { ...bare, pages: none, overcommit: none, mounts: [] })
  t.strictSame([plan.items, desiredLines(plan)], [[], []])
})
