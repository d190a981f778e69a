import t from 'tap'
import { HugepoolError, usage } from '../../../src/errors.ts'
import type { ConfiguredMount } from '../../../src/model/config/configuration.ts'
import {
  type KnownMount,
  mountItem,
  poolsAfterMount,
} from '../../../src/model/config/mount-items.ts'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { parseMountLimit } from '../../../src/model/mounts/mount-limit.ts'
import type { TargetState } from '../../../src/model/mounts/mount-plan.ts'
import type { MountRequest } from '../../../src/model/mounts/mount-request.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const pools = [
  poolOf(2n * M, { total: 8n, free: 8n, isDefault: true }),
  poolOf(G, { total: 4n, free: 4n }),
]
const target = '/mnt/huge'

const mountOf = (request: Partial<MountRequest> = {}, how: Partial<ConfiguredMount> = {}) => ({
  mkdir: false,
  over: false,
  ...how,
  request: { target, pageSize: 2n * M, flagWords: '', ...request },
})

const judgedItem = (mount: ConfiguredMount, state: Partial<TargetState> = {}) => {
  const facts = {
    state: { kind: 'empty', missing: [], ...state },
    owner: { uid: 5, gid: 70 },
  } as const
  return mountItem(mount, { request: mount.request, facts }, pools)
}

const hugetlbfs: HugetlbfsMount = {
  target,
  device: '0:70',
  source: 'none',
  pageSize: 2n * M,
  uid: 0,
  gid: 70,
  mode: '0755',
  options: 'rw,nosuid,nodev,pagesize=2M',
  hidden: false,
}
const there = (of: Partial<HugetlbfsMount> = {}): Partial<TargetState> => ({
  mount: { type: 'hugetlbfs', hugetlbfs: { ...hugetlbfs, ...of } },
})

const named = { attribute: 'mount', target, key: 'mounts."/mnt/huge"', essential: true }
const options = (...texts: readonly (readonly [string, string])[]) => ({
  options: texts.map(([option, text]) => ({ option, text })),
})

t.test('what is not mounted is planned, with the options that are asked for', async (t) => {
  const limits = { size: parseMountLimit('50%'), minSize: parseMountLimit('4M'), group: 'db' }
  const { item, judged } = judgedItem(mountOf({ ...limits, flagWords: 'ro' }))
  t.strictSame(item, {
    ...named,
    wanted: options(
      ['pagesize', '2M'],
      ['size', '8M'],
      ['min_size', '4M'],
      ['gid', '70'],
      ['flags', 'ro,nosuid,nodev'],
    ),
    state: 'missing',
    why: 'is not mounted',
    planned: true,
  })
  t.equal(judged?.plan.kind, 'mount')
})

t.test('what is mounted with the same values is as wanted, however they are written', async (t) => {
  const mount = mountOf({ size: parseMountLimit('16384K'), group: 'db' })
  const { item, judged } = judgedItem(mount, there({ size: 16n * M, uid: 9 }))
  const values = options(['pagesize', '2M'], ['size', '16M'], ['gid', '70'])
  t.strictSame(item, { ...named, wanted: values, found: values, state: 'ok' })
  t.equal(judged?.plan.kind, 'unchanged')
})

t.test('what is mounted otherwise is told, and not planned', async (t) => {
  const { item } = judgedItem(mountOf({ size: parseMountLimit('16M') }), there({ size: 8n * M }))
  t.strictSame(item, {
    ...named,
    wanted: options(['pagesize', '2M'], ['size', '16M']),
    found: options(['pagesize', '2M'], ['size', '8M']),
    state: 'drift',
    why: '/mnt/huge: is mounted with other options: size: 8M instead of 16M',
    reason: 'other-options',
    hints: [
      'unmount it first: hugepool umount /mnt/huge',
      'its files would go away with the mount, unless it is mounted elsewhere too',
    ],
  })
  const over = judgedItem(mountOf({ pageSize: G }, { over: true }), there())
  t.hasStrict(over.item, { state: 'drift', why: 'another is mounted there', planned: true })
  t.hasStrict(judgedItem(mountOf({ flagWords: 'ro' }), there()).item.wanted, {
    options: [{ option: 'pagesize' }, { option: 'flags', text: 'ro,nosuid,nodev' }],
  })
})

t.test('another file system, and a bound directory', async (t) => {
  const tmpfs = judgedItem(mountOf(), { mount: { type: 'tmpfs' } })
  t.hasStrict(tmpfs.item, {
    found: 'tmpfs',
    state: 'missing',
    why: '/mnt/huge: tmpfs is mounted there',
    reason: 'occupied',
    hints: ["'over = true' mounts over it and hides it"],
  })
  const over = judgedItem(mountOf({}, { over: true }), { mount: { type: 'tmpfs' } })
  t.hasStrict(over.item, { state: 'drift', why: 'tmpfs is mounted there', planned: true })
  t.hasStrict(judgedItem(mountOf(), there({ bound: '/a' })).item, {
    found: 'hugetlbfs',
    reason: 'occupied',
  })
})

t.test('what is in the way is said in the words of a file', async (t) => {
  const missing = judgedItem(mountOf(), { kind: 'missing', missing: [target] })
  t.hasStrict(missing.item, {
    state: 'missing',
    why: '/mnt/huge: no such directory',
    reason: 'no-file',
    hints: ["'mkdir = true' makes it"],
  })
  t.notOk('planned' in missing.item)
  const short = judgedItem(mountOf({ minSize: parseMountLimit('32M') }))
  t.hasStrict(short.item, {
    state: 'short',
    why: 'min-size takes 16 pages of 2M, but 8 are available (free - reserved)',
    hints: ["'hugepool resize 2M=16' makes room"],
  })
  const made = judgedItem(mountOf({}, { mkdir: true }), { kind: 'missing', missing: [target] })
  t.hasStrict(made.item, { state: 'missing', planned: true })
})

t.test('what is not known is an item too', async (t) => {
  const mount = mountOf({
    size: parseMountLimit('50%'),
    minSize: parseMountLimit('4M'),
    user: 'dpdk',
    group: 'db',
    mode: '0770',
  })
  const unknown = (error: Error) => mountItem(mount, { error } as KnownMount, pools)
  t.strictSame(unknown(usage("there is no user 'dpdk'", 'a number')), {
    item: {
      ...named,
      wanted: options(
        ['pagesize', '2M'],
        ['size', '50%'],
        ['min_size', '4M'],
        ['uid', 'dpdk'],
        ['gid', 'db'],
        ['mode', '0770'],
      ),
      state: 'missing',
      why: "there is no user 'dpdk'",
      reason: 'wrong-words',
      hints: ['a number'],
    },
  })
  t.hasStrict(unknown(new HugepoolError('E_PERMISSION', 'no-permission', 'denied')).item, {
    state: 'unknown',
  })
  t.throws(() => unknown(new TypeError('a fault')), TypeError)
  t.hasStrict(judgedItem(mountOf({ pageSize: 16n * M })).item, {
    state: 'missing',
    reason: 'no-size',
  })
})

t.test('a guarantee takes pages that the next mount does not get', async (t) => {
  const planned = judgedItem(mountOf({ minSize: parseMountLimit('4M') }))
  t.strictSame(
    poolsAfterMount(pools, planned).map(({ reserved }) => reserved),
    [2n, 0n],
  )
  t.equal(poolsAfterMount(pools, judgedItem(mountOf({}, {}), there())), pools)
  t.equal(poolsAfterMount(pools, judgedItem(mountOf({ minSize: parseMountLimit('32M') }))), pools)
  const { reserved: _, ...uncounted } = pools[0] ?? poolOf(2n * M)
  t.strictSame(poolsAfterMount([uncounted], planned), [uncounted])
})
