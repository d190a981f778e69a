import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import {
  scanOtherMounts,
  scanOwnMounts,
} from '../../../../src/kernel/processes/scan/scan-mounts.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

/** The device of a directory, as /proc/PID/maps and as mountinfo show it. */
const deviceAt = (path: string) => {
  const hex = hexDevice(statSync(path, { bigint: true }).dev)
  const decimal = hex
    .split(':')
    .map((part) => Number.parseInt(part, 16))
    .join(':')
  return { hex, decimal }
}

const inodeOf = (path: string): bigint => statSync(path, { bigint: true }).ino

/** A scan of the running kernel whose own mount table and processes are these. */
const scanWith = (t: Test, table: string | undefined, root = '/') => {
  const kernel = fakeKernel({ pools: [{ size }] })
  if (table !== undefined) kernel.extra.set('/proc/self/mountinfo', table)
  const proc = join(temporary(t), 'proc')
  mkdirSync(proc)
  const tree: FakeKernel = Object.create(kernel, { root: { value: root }, proc: { value: proc } })
  return { scan: newScan(tree, undefined), proc }
}

const mountLine = (device: string, target: string, options = 'rw,pagesize=2M', root = '/') =>
  `99 28 ${device} ${root} ${target} rw - hugetlbfs none ${options}`

/** What is found of a file with some text. */
const fileAt = (target: string, name: string, device: string, path = join(target, name)) => ({
  key: `${device}:${inodeOf(path)}`,
  size,
  path: join(target, name),
  pages: 0n,
  length: 1n,
  isNamed: true,
  reach: path,
  target,
  uid: process.getuid?.(),
})

const filled = (t: Test, ...names: readonly string[]): string => {
  const top = temporary(t)
  for (const name of names) writeFileSync(join(top, name), 'data')
  return top
}

t.test('a mount of this namespace', async (t) => {
  const top = filled(t, 'a')
  const { hex, decimal } = deviceAt(top)
  const table = lines(
    `1 0 ${decimal} / / rw - ext4 none rw`,
    mountLine(decimal, top, 'rw,pagesize=2M,min_size=8M'),
  )
  const { scan } = scanWith(t, table)
  scanOwnMounts(scan)
  t.strictSame(scan.mounts, [{ device: hex, size, target: top, minimum: 4n }])
  t.strictSame(scan.targets, new Set([top]))
  t.equal(scan.devices.sizeOf(hex), size)
  const file = fileAt(top, 'a', hex)
  t.strictSame([...scan.files], [[file.key, file]])
})

t.test('the default size, and none', async (t) => {
  const top = filled(t, 'a')
  const { hex, decimal } = deviceAt(top)
  const { scan } = scanWith(t, lines(mountLine(decimal, top, 'rw')))
  scanOwnMounts(scan)
  t.strictSame(scan.mounts, [{ device: hex, size, target: top, minimum: 0n }])
  const bare = newScan({ ...fakeKernel({ pools: [] }), root: '/', proc: '/nowhere' }, undefined)
  scanOwnMounts(bare)
  t.strictSame([bare.mounts, bare.targets, bare.files], [[], new Set(), new Map()])
})

t.test('other file systems, and no table', async (t) => {
  for (const table of [undefined, '', lines('1 0 0:5 / / rw - tmpfs none rw,pagesize=2M')]) {
    const { scan } = scanWith(t, table)
    scanOwnMounts(scan)
    t.strictSame([scan.mounts, scan.targets, scan.files], [[], new Set(), new Map()])
  }
})

t.test('the root of a file system comes before its parts', async (t) => {
  const part = filled(t, 'p')
  const whole = filled(t, 'w')
  const second = filled(t, 's')
  const { hex, decimal } = deviceAt(whole)
  const { scan } = scanWith(
    t,
    lines(
      mountLine(decimal, part, 'rw,pagesize=2M', '/part'),
      mountLine(decimal, whole),
      mountLine(decimal, second),
    ),
  )
  scanOwnMounts(scan)
  t.strictSame(scan.mounts, [{ device: hex, size, target: whole, minimum: 0n }])
  t.strictSame(scan.targets, new Set([whole, second, part]))
  t.strictSame([...scan.files.values()], [fileAt(whole, 'w', hex)])
})

t.test('a mount that something hides, or that is gone', async (t) => {
  const top = filled(t, 'a')
  const behind = filled(t, 'b')
  const { hex, decimal } = deviceAt(top)
  const { scan } = scanWith(
    t,
    lines(
      mountLine('0:1048575', top),
      mountLine(decimal, join(top, 'gone')),
      mountLine(decimal, behind),
    ),
  )
  scanOwnMounts(scan)
  t.strictSame(
    scan.mounts.map(({ device, target }) => [device, target]),
    [
      ['00:fffff', top],
      [hex, join(top, 'gone')],
    ],
  )
  t.strictSame([...scan.files.values()], [fileAt(behind, 'b', hex)])
})

t.test('the files of a recorded machine are not looked for', async (t) => {
  const top = filled(t, 'a')
  const { hex, decimal } = deviceAt(top)
  const { scan } = scanWith(t, lines(mountLine(decimal, top)), '/fake')
  scanOwnMounts(scan)
  t.strictSame(scan.mounts, [{ device: hex, size, target: top, minimum: 0n }])
  t.strictSame(scan.files, new Map())
})

/** A process in a mount namespace of its own with this table, whose root is a directory here. */
const processIn = (proc: string, pid: string, namespace: string, table: string): void => {
  mkdirSync(join(proc, pid, 'ns'), { recursive: true })
  symlinkSync(namespace, join(proc, pid, 'ns/mnt'))
  writeFileSync(join(proc, pid, 'comm'), 'zoo\n')
  writeFileSync(join(proc, pid, 'mountinfo'), table)
}

t.test('mounts of other namespaces', async (t) => {
  const { scan, proc } = scanWith(t, undefined)
  const { hex, decimal } = deviceAt(proc)
  processIn(proc, 'self', 'mnt:[1]', lines(mountLine('0:77', '/own')))
  processIn(proc, '5', 'mnt:[1]', lines(mountLine('0:78', '/same')))
  processIn(proc, '7', 'mnt:[2]', lines(mountLine(decimal, '/huge', 'rw,pagesize=1G')))
  mkdirSync(join(proc, '7/root/huge'), { recursive: true })
  writeFileSync(join(proc, '7/root/huge/c'), 'data')
  scanOtherMounts(scan)
  t.strictSame(scan.mounts, [
    { device: hex, size: G, target: '/huge', minimum: 0n, isElsewhere: true },
  ])
  t.strictSame(scan.targets, new Set(['/huge']))
  const file = fileAt('/huge', 'c', hex, join(proc, '7/root/huge/c'))
  t.strictSame([...scan.files.values()], [{ ...file, size: G }])
  scan.files.clear()
  scanOtherMounts(scan)
  t.strictSame(scan.files, new Map(), 'a mount that was found before is not walked again')
  t.equal(scan.mounts.length, 1)
})

t.test('of a part of a file system, the rest is looked for elsewhere', async (t) => {
  const top = filled(t, 'w')
  mkdirSync(join(top, 'sub'))
  writeFileSync(join(top, 'sub/s'), 'data')
  const { hex, decimal } = deviceAt(top)
  const [part, file] = [join(top, 'sub'), join(top, 'w')]
  const parts = [[part, '/sub'] as const, [file, '/w'] as const]
  const { scan, proc } = scanWith(
    t,
    lines(...parts.map(([target, root]) => mountLine(decimal, target, 'rw,pagesize=2M', root))),
  )
  const names = () => [...scan.files.values()].map(({ path }) => path).sort()
  scanOwnMounts(scan)
  t.strictSame(names(), [join(part, 's'), file])
  t.strictSame([...scan.unread.keys()], [hex], 'what else there is, is not known')
  writeFileSync(join(top, 'other'), 'data')
  processIn(proc, '7', 'mnt:[2]', lines(mountLine(decimal, '/huge')))
  mkdirSync(join(proc, '7/root'))
  symlinkSync(top, join(proc, '7/root/huge'))
  scanOtherMounts(scan)
  t.strictSame(names(), [join(part, 's'), file, '/huge/other'].sort())
  t.strictSame([...scan.unread.keys()], [])
})

const root = '1 0 0:1 / / rw - ext4 /dev/vda rw'
const huge = (id: number, parent: number, minor: number, target = '/mnt') =>
  `${id} ${parent} 0:${minor} / ${target} rw - hugetlbfs none rw,pagesize=2M`

t.test('a hugetlbfs over another mount, in any namespace', async (t) => {
  const alone = scanWith(t, undefined).scan
  scanOtherMounts(alone)
  t.strictSame(alone.covering, new Set())
  const { scan, proc } = scanWith(t, undefined)
  processIn(proc, 'self', 'mnt:[1]', lines(root, huge(2, 1, 40), huge(3, 1, 41, '/other')))
  const over = '4 1 0:50 / /mnt rw - tmpfs none rw'
  processIn(proc, '7', 'mnt:[2]', lines(root, over, huge(5, 4, 42), huge(6, 5, 43)))
  scanOtherMounts(scan)
  t.strictSame([...scan.covering].sort(), ['00:2a', '00:2b'])
})
