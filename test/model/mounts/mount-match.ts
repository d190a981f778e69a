import t from 'tap'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { alreadyWords, askedOptions, matchMount } from '../../../src/model/mounts/mount-match.ts'
import type { MountRequest } from '../../../src/model/mounts/mount-request.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const pools = [poolOf(2n * M, { isDefault: true, total: 8n, free: 8n }), poolOf(G, { total: 4n })]

const mountOf = (given: Partial<HugetlbfsMount> = {}): HugetlbfsMount => ({
  target: '/mnt/huge',
  device: '0:39',
  source: 'none',
  pageSize: 2n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,nosuid,nodev,relatime,pagesize=2M',
  hidden: false,
  ...given,
})

const match = (asked: Partial<MountRequest>, found: Partial<HugetlbfsMount> = {}) =>
  matchMount(
    { target: '/mnt/huge', pageSize: 'default', flagWords: '', ...asked },
    { uid: 0, gid: 0 },
    pools,
    mountOf(found),
  )

const flags = (wanted: string, found: string) => ({ option: 'flags', wanted, found })
const withFlags = (words: string) => ({ options: `rw,${words}relatime,pagesize=2M` })

t.test('what was asked for is compared, and the rest with a new mount', async (t) => {
  t.strictSame(match({}), { asked: [], different: [], unasked: [] })
  t.strictSame(match({ mode: '0700', inodes: 5n }, { mode: '0700', size: 4n * M, uid: 7 }), {
    asked: [
      { option: 'nr_inodes', wanted: '5', found: '-' },
      { option: 'mode', wanted: '0700', found: '0700' },
    ],
    different: [{ option: 'nr_inodes', wanted: '5', found: '-' }],
    unasked: [
      { option: 'size', wanted: '-', found: '4M' },
      { option: 'uid', wanted: '0', found: '7' },
    ],
  })
  t.strictSame(match({}, { pageSize: G }).unasked, [
    { option: 'pagesize', wanted: '2M', found: '1G' },
  ])
  const half = { kind: 'percent', percent: 50n } as const
  t.strictSame(
    match({ size: half }, { pageSize: G, size: 2n * G }).different,
    [],
    'a share is of the pool that the mount has',
  )
})

t.test('of the flags only those that are named are asked for', async (t) => {
  t.strictSame(match({ flagWords: 'noexec' }, withFlags('nosuid,')), {
    asked: [flags('nosuid,noexec', 'nosuid')],
    different: [flags('nosuid,noexec', 'nosuid')],
    unasked: [flags('nosuid,nodev', 'nosuid')],
  })
  t.strictSame(match({ flagWords: 'dev,exec' }, withFlags('nosuid,')), {
    asked: [flags('nosuid', 'nosuid')],
    different: [],
    unasked: [],
  })
  t.strictSame(match({ flagWords: 'ro' }, withFlags('noexec,')).unasked, [
    flags('nosuid,nodev', 'noexec'),
  ])
})

t.test('the options that a request asks for, by the names of the kernel', async (t) => {
  const limit = { kind: 'memory', bytes: 2n * M } as const
  const request = { target: '/mnt/huge', pageSize: 'default', flagWords: 'ro' } as const
  t.strictSame(askedOptions(request), [])
  const every = { size: limit, minSize: limit, inodes: 5n, user: 'a', group: 'b', mode: '0700' }
  t.strictSame(askedOptions({ ...request, ...every, pageSize: G }), [
    ...['pagesize', 'size', 'min_size', 'nr_inodes', 'uid', 'gid', 'mode'],
  ])
})

t.test('what is there already, and which flags a remount would set', async (t) => {
  const words = (found: Partial<HugetlbfsMount>) =>
    alreadyWords('/mnt/huge', match({}, found).unasked)
  t.equal(words({}), '/mnt/huge: already mounted with these options')
  t.equal(
    words({ size: 4n * M, mode: '0700' }),
    '/mnt/huge: already mounted, with size=4M,mode=0700',
  )
  for (const [there, said] of [
    ['nosuid,', 'without nodev; --remount --options nodev sets it'],
    ['', 'without nosuid,nodev; --remount --options nosuid,nodev sets them'],
    ['noexec,nosuid,ro,nodev,', 'with ro,noexec; --remount --options rw,exec sets them'],
    ['nosuid,nodev,noexec,', 'with noexec; --remount --options exec sets it'],
    ['nosuid,noexec,', 'without nodev and with noexec; --remount --options nodev,exec sets them'],
  ] as const)
    t.equal(words(withFlags(there)), `/mnt/huge: already mounted, ${said}`)
  t.equal(
    words({ size: 4n * M, options: 'ro,nosuid,nodev,relatime,pagesize=2M,size=4194304' }),
    '/mnt/huge: already mounted, with size=4M and with ro; --remount --options rw sets it',
  )
})
