import t from 'tap'
import { objectionOf } from '../../../src/errors.ts'
import type { HugetlbfsMount } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { parseMountLimit } from '../../../src/model/mounts/mount-limit.ts'
import { mountLines } from '../../../src/model/mounts/mount-lines.ts'
import {
  type MountPlan,
  planMount,
  type TargetState,
} from '../../../src/model/mounts/mount-plan.ts'
import type { MountRequest } from '../../../src/model/mounts/mount-request.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const pools = [poolOf(2n * M, { isDefault: true, total: 8n, free: 8n })]
const neither = { mkdir: false, remount: false, over: false }

const request = (given: Partial<MountRequest> = {}): MountRequest => ({
  target: '/mnt/huge',
  pageSize: 'default',
  flagWords: '',
  ...given,
})

const empty: TargetState = { kind: 'empty', missing: [] }
const there: HugetlbfsMount = {
  target: '/mnt/huge',
  device: '0:39',
  source: 'none',
  pageSize: 2n * M,
  size: 4n * M,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,nosuid,nodev,relatime,pagesize=2M,size=4194304',
  hidden: false,
}
const mounted: TargetState = { ...empty, mount: { type: 'hugetlbfs', hugetlbfs: there } }
const tmpfs: TargetState = { ...empty, mount: { type: 'tmpfs' } }

const plan = (state: TargetState, given?: Partial<MountRequest>, options = {}): MountPlan =>
  planMount(
    request(given),
    { ...neither, ...options },
    {
      pools,
      state,
      owner: { uid: 0, gid: 0 },
    },
  )

t.test('an empty directory is mounted on', async (t) => {
  const planned = plan(empty)
  t.equal(planned.kind, 'mount')
  t.strictSame('directories' in planned && planned.directories, [])
})

t.test('a directory that is missing is made when that is asked for', async (t) => {
  const missing: TargetState = { kind: 'missing', missing: ['/mnt/a', '/mnt/a/huge'] }
  t.throws(() => plan(missing), {
    code: 'E_REFUSED',
    message: '/mnt/huge: no such directory',
    hint: '--mkdir makes it',
  })
  const made = plan(missing, {}, { mkdir: true })
  t.hasStrict(made, { kind: 'mount', directories: ['/mnt/a', '/mnt/a/huge'] })
  t.strictSame(mountLines(made), [
    'mkdir /mnt/a',
    'mkdir /mnt/a/huge',
    'mount -t hugetlbfs -o nosuid,nodev,uid=0,gid=0,mode=0755,pagesize=2M none /mnt/huge',
  ])
})

t.test('what cannot or should not be mounted over', async (t) => {
  const code = 'E_REFUSED'
  const hint = '--over mounts over it and hides it'
  type Refusal = { code: string; message: string | RegExp; hint?: string }
  const places: readonly (readonly [TargetState, Refusal])[] = [
    [
      { kind: 'link', missing: [] },
      { code, message: '/mnt/huge: is a symbolic link' },
    ],
    [
      { kind: 'file', missing: [] },
      { code, message: '/mnt/huge: is not a directory' },
    ],
    [
      { kind: 'full', missing: [] },
      { code, message: /the directory is not empty/, hint },
    ],
    [tmpfs, { code, message: '/mnt/huge: tmpfs is mounted there', hint }],
  ]
  for (const [place, error] of places) t.throws(() => plan(place), error)
})

t.test('--over does nothing where the topmost mount is as asked for already', async (t) => {
  const size = parseMountLimit('4M')
  t.hasStrict(plan(mounted, { size }, { over: true }), { kind: 'unchanged' })
  t.hasStrict(plan(mounted, {}, { over: true }), { kind: 'mount' }, 'with other options it mounts')
})

t.test('a directory of another hugetlbfs is not the mount that is asked for', async (t) => {
  const hugetlbfs = { ...there, bound: '/a b' }
  const bound: TargetState = { ...empty, mount: { type: 'hugetlbfs', hugetlbfs } }
  const size = parseMountLimit('4M')
  t.throws(() => plan(bound, { size }), {
    code: 'E_REFUSED',
    message: "/mnt/huge: '/a b' of another hugetlbfs is bound there",
    hint: '--over mounts over it and hides it',
  })
  t.hasStrict(plan(bound, { size }, { over: true }), { kind: 'mount' })
  t.hasStrict(plan(bound, { flagWords: 'ro' }, { remount: true }), { kind: 'remount' })
})

t.test('--over mounts over what is there, but not over what no mount can be on', async (t) => {
  for (const place of [{ kind: 'full', missing: [] } as const, tmpfs, mounted])
    t.hasStrict(plan(place, {}, { over: true }), { kind: 'mount' })
  for (const kind of ['link', 'file'] as const)
    t.throws(() => plan({ kind, missing: [] }, {}, { over: true }), { code: 'E_REFUSED' })
})

t.test('the same mount is there already', async (t) => {
  const same = plan(mounted, { size: parseMountLimit('4M') })
  t.hasStrict(same, { kind: 'unchanged', mount: there })
  t.strictSame(mountLines(same), [])
  const full = { ...mounted, kind: 'full' as const }
  t.hasStrict(
    plan(full, { size: parseMountLimit('25%') }),
    { kind: 'unchanged' },
    'with files in it',
  )
})

const lost = '\nits files would go away with the mount, unless it is mounted elsewhere too'

t.test('a mount with other options', async (t) => {
  t.throws(() => plan(mounted, { mode: '0700', flagWords: 'ro' }), {
    code: 'E_REFUSED',
    message:
      '/mnt/huge: is mounted with other options: mode: 0755 instead of 0700, flags: nosuid,nodev instead of ro,nosuid,nodev',
    hint: `unmount it first: hugepool umount /mnt/huge${lost}`,
  })
})

t.test('a guarantee is checked before anything else is done', async (t) => {
  t.hasStrict(plan(empty, { minSize: parseMountLimit('16M') }), { kind: 'mount' })
  t.throws(() => plan(empty, { minSize: parseMountLimit('18M') }), { code: 'E_REFUSED' })
  const guaranteed = { ...there, minSize: 16n * M, size: 16n * M }
  const state: TargetState = { ...empty, mount: { type: 'hugetlbfs', hugetlbfs: guaranteed } }
  const both = { size: parseMountLimit('16M'), minSize: parseMountLimit('16M') }
  const taken = [poolOf(2n * M, { isDefault: true, total: 8n, free: 8n, reserved: 8n })]
  const facts = { pools: taken, state, owner: { uid: 0, gid: 0 } }
  t.hasStrict(
    planMount(request(both), neither, facts),
    { kind: 'unchanged' },
    'its own are no others',
  )
})

t.test('the root', async (t) => {
  t.throws(() => plan(empty, { target: '/' }), { message: '/: cannot be mounted over' })
})

t.test('a remount changes flags', async (t) => {
  const remount = { remount: true }
  const readOnly = plan(mounted, { flagWords: 'ro' }, remount)
  t.hasStrict(readOnly, { kind: 'remount', flags: ['ro', 'nosuid', 'nodev'], mount: there })
  t.strictSame(mountLines(readOnly), ['mount -o remount,ro,nosuid,nodev,exec /mnt/huge'])
  t.hasStrict(plan(mounted, { flagWords: 'suid,noexec' }, remount), { flags: ['nodev', 'noexec'] })
  t.hasStrict(plan(mounted, {}, remount), { kind: 'unchanged' })
  t.hasStrict(plan(mounted, { flagWords: 'rw,nosuid' }, remount), { kind: 'unchanged' })
})

t.test('a remount changes nothing else, and does not claim to', async (t) => {
  const given: Readonly<Record<string, Partial<MountRequest>>> = {
    '--pagesize': { pageSize: 2n * M },
    '--size': { size: parseMountLimit('4M') },
    '--min-size': { minSize: parseMountLimit('2M') },
    '--nr-inodes': { inodes: 9n },
    '--uid': { user: '0' },
    '--gid': { group: '0' },
    '--mode': { mode: '0755' },
  }
  for (const [name, option] of Object.entries(given))
    t.throws(() => plan(mounted, option, { remount: true }), {
      code: 'E_REFUSED',
      message: `/mnt/huge: a remount does not change ${name}: mount anew`,
      hint: `with other options, after: hugepool umount /mnt/huge${lost}`,
    })
})

t.test('what would go away with the mount that is in the way is counted', async (t) => {
  const hints = (use: Pick<HugetlbfsMount, 'files' | 'fileBytes'>) => {
    const state: TargetState = {
      ...empty,
      mount: { type: 'hugetlbfs', hugetlbfs: { ...there, ...use } },
    }
    return [
      () => plan(state, { mode: '0700' }),
      () => plan(state, { mode: '0700' }, { remount: true }),
    ].map((act) => objectionOf(act)[0]?.hint?.split('\n').slice(1))
  }
  const words =
    '2 files with 3 pages would go away with the mount, unless it is mounted elsewhere too'
  t.strictSame(hints({ files: 2n, fileBytes: 6n * M }), [[words], [words]])
  t.strictSame(hints({ files: 0n, fileBytes: 0n }), [[], []])
})

t.test('a remount of what is no hugetlbfs', async (t) => {
  for (const place of [empty, tmpfs, { kind: 'missing', missing: ['/mnt/huge'] } as const])
    t.throws(() => plan(place, { flagWords: 'ro' }, { remount: true }), {
      code: 'E_REFUSED',
      message: '/mnt/huge: no hugetlbfs is mounted there',
    })
})

t.test('what nobody asked for is no difference, and is told', async (t) => {
  const bare = { ...there, options: 'rw,ro,relatime,pagesize=2M' }
  const state: TargetState = { ...empty, mount: { type: 'hugetlbfs', hugetlbfs: bare } }
  t.hasStrict(plan(state), {
    kind: 'unchanged',
    desired: { size: 4n * M, flags: ['ro'] },
    unasked: [
      { option: 'size', wanted: '-', found: '4M' },
      { option: 'flags', wanted: 'nosuid,nodev', found: 'ro' },
    ],
  })
  t.hasStrict(plan(state, { size: parseMountLimit('4M'), flagWords: 'ro,dev,suid' }), {
    kind: 'unchanged',
    unasked: [],
  })
  t.throws(() => plan(state, { flagWords: 'nodev' }), {
    message: '/mnt/huge: is mounted with other options: flags: ro instead of ro,nodev',
    hint: 'change them: hugepool mount /mnt/huge --remount --options nodev',
  })
})
