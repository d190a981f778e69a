import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import {
  addOpen,
  scanDescriptors,
  scanDistantDescriptors,
} from '../../../../src/kernel/processes/scan/scan-descriptors.ts'
import type { ScannedProcess } from '../../../../src/kernel/processes/scan/scan-processes.ts'
import type { OpenWay } from '../../../../src/model/processes/who/found-pages.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { fill, procScan } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const deviceOf = (path: string): string => hexDevice(statSync(path, { bigint: true }).dev)

const scanned = (pid: number, threads = 1): ScannedProcess => ({
  pid: `${pid}`,
  hugeBytes: 0n,
  space: 1000,
  threads,
  lacksLeader: false,
})

/** A scan that knows of one mount, with these files of some text. */
const machine = (t: Test, ...names: readonly string[]) => {
  // What is below /dev is told by its path.
  const top = temporary(t, '/tmp')
  for (const name of names) fill(top, { texts: { [name]: 'data' } })
  const found = procScan(t)
  const device = deviceOf(top)
  found.scan.devices.learn(device, size)
  found.scan.targets.add(top)
  return { ...found, top, device }
}

const processNamed = (pid: number) => ({ pid, command: 'zoo' })

const descriptorOf = (path: string, way: OpenWay = 'open file', pid = 7) => {
  const { dev, ino } = statSync(path, { bigint: true })
  return { process: processNamed(pid), key: `${hexDevice(dev)}:${ino}`, size, path, way }
}

const fileOf = (path: string, length = 1n) => ({
  key: descriptorOf(path).key,
  size,
  path,
  pages: 0n,
  length,
  isNamed: false,
  uid: process.getuid?.(),
})

t.test('files that a process has open', async (t) => {
  const { scan, top, process } = machine(t, 'a', 'b')
  writeFileSync(join(top, 'empty'), '')
  const links = { 'fd/3': join(top, 'a'), 'fd/10': join(top, 'b'), 'fd/4': join(top, 'empty') }
  process(7, { links })
  process(8, { links: { 'fd/0': join(top, 'a') } })
  scanDescriptors(scan, [scanned(7), scanned(8)])
  t.strictSame(
    [...scan.descriptors].sort(
      (a, b) => a.process.pid - b.process.pid || (a.path < b.path ? -1 : 1),
    ),
    [
      descriptorOf(join(top, 'a')),
      descriptorOf(join(top, 'b')),
      descriptorOf(join(top, 'empty')),
      descriptorOf(join(top, 'a'), 'open file', 8),
    ],
  )
  const files = ['a', 'b', 'empty'].map((name) =>
    fileOf(join(top, name), name === 'empty' ? 0n : 1n),
  )
  t.strictSame(
    [...scan.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    files,
  )
  t.strictSame(scan.unseen, new Map())
})

t.test('the pages of a file', async (t) => {
  const { scan, top, device, process } = machine(t)
  const path = join(top, 'a')
  writeFileSync(path, Buffer.alloc(4097, 1))
  scan.devices.learn(device, 1024n)
  process(7, { links: { 'fd/3': path } })
  scanDescriptors(scan, [scanned(7)])
  const pages = statSync(path, { bigint: true }).blocks / 2n
  t.strictSame([...scan.files.values()], [{ ...fileOf(path), size: 1024n, pages, length: 5n }])
})

t.test('where a process stands', async (t) => {
  const { scan, top, process } = machine(t, 'sub/a')
  for (const device of ['00:1', deviceOf(top)])
    scan.mounts.push({ device, size, target: top, minimum: 0n })
  process(7, { texts: { 'fd/none': '' }, links: { cwd: join(top, 'sub'), root: top } })
  scanDescriptors(scan, [scanned(7)])
  t.strictSame(scan.descriptors, [
    descriptorOf(join(top, 'sub'), 'working directory'),
    descriptorOf(top, 'root'),
  ])
  t.strictSame(scan.files, new Map(), 'files on a mount are found there')
})

t.test('a directory of a file system that is mounted nowhere shows its files', async (t) => {
  const { scan, top, device, process } = machine(t, 'sub/a')
  const directory = process(7, { links: { 'fd/3': join(top, 'sub') } })
  scan.mounts.push({ device: '00:1', size, target: '/other', minimum: 0n })
  scanDescriptors(scan, [scanned(7)])
  t.strictSame(scan.descriptors, [descriptorOf(join(top, 'sub'))])
  t.strictSame(
    [...scan.files.values()],
    [
      {
        ...fileOf(join(top, 'sub/a')),
        key: `${device}:${statSync(join(top, 'sub/a'), { bigint: true }).ino}`,
        isNamed: true,
        reach: `${directory}/fd/3/a`,
        target: join(top, 'sub'),
      },
    ],
  )
})

t.test('a segment has the IPC namespace in its key', async (t) => {
  const { scan, top, process } = machine(t, 'a')
  const file = join(top, 'a')
  const link = process(7, { links: { 'ns/ipc': 'ipc:[3]' } })
  const path = '/SYSV00000000 (deleted)'
  addOpen(scan, { pid: '7', link, path, way: 'open file' }, statSync(file, { bigint: true }))
  const key = `${descriptorOf(file).key}@ipc:[3]`
  t.strictSame(scan.descriptors, [{ ...descriptorOf(file), key, path }])
  t.strictSame([...scan.files], [[key, { ...fileOf(file), key, path }]])
})

t.test('a file whose name only is like that of a segment is no segment', async (t) => {
  const { scan, top, process } = machine(t, 'a')
  scan.devices.learnInternal('00:1', size)
  const file = join(top, 'a')
  const link = process(7, { links: { 'ns/ipc': 'ipc:[3]' } })
  const path = '/SYSV00000000'
  addOpen(scan, { pid: '7', link, path, way: 'open file' }, statSync(file, { bigint: true }))
  t.strictSame(scan.descriptors, [{ ...descriptorOf(file), path }])
})

/** Whether a link with this text is followed, which shows in what is known of its device. */
const isFollowed = (t: Test, path: string, ...targets: readonly string[]): boolean => {
  const { scan, process } = procScan(t)
  for (const target of targets) scan.targets.add(target)
  process(7, { links: { 'fd/3': path } })
  scanDescriptors(scan, [scanned(7)])
  return scan.devices.isKnown(deviceOf(path))
}

t.test('links that may lead to huge pages are followed', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { a: '', 'b (deleted)': '', 'deeper/c': '' } })
  const at = (name: string) => join(top, name)
  t.ok(isFollowed(t, at('b (deleted)')))
  t.ok(isFollowed(t, at('a'), '/none', top))
  t.ok(isFollowed(t, top, top))
  t.ok(isFollowed(t, at('deeper/c'), at('deeper'), '/none'))
  t.ok(isFollowed(t, '/etc'), 'a short path can be on a file system that is mounted nowhere')
  t.ok(isFollowed(t, '/'))
  t.ok(isFollowed(t, '/dev/null', '/none', '/dev'))
  t.ok(isFollowed(t, '/proc/self', '/proc', '/none'))
})

t.test('other links are not followed', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { a: '', 'deeper/c': '' } })
  const at = (name: string) => join(top, name)
  t.notOk(isFollowed(t, at('a')))
  t.notOk(isFollowed(t, at('a'), at('deeper'), '/none'))
  t.notOk(isFollowed(t, '/dev/null', '/dev/hugepages'))
  t.notOk(isFollowed(t, '/proc/version', '/dev/hugepages'))
})

t.test('a link without a path is not followed', async (t) => {
  const { scan, top, process } = machine(t, 'a')
  const directory = process(7)
  fill(directory, { links: { 'fd/3': '../../../a' } })
  fill(join(directory, '../..'), { texts: { a: '' } })
  scan.targets.add('/')
  scanDescriptors(scan, [scanned(7)])
  t.strictSame([scan.descriptors, scan.files], [[], new Map()], top)
})

t.test('a device that is learnt is something else', async (t) => {
  const { scan, process } = procScan(t)
  process(7, { texts: { 'fd/none': '' }, links: { cwd: '/' } })
  scanDescriptors(scan, [scanned(7)])
  t.ok(scan.devices.isKnown(deviceOf('/')))
  t.equal(scan.devices.sizeOf(deviceOf('/')), undefined)
  t.strictSame(scan.descriptors, [])
})

t.test('a file system with blocks of the size of a page is no hugetlbfs for that', async (t) => {
  const { scan, process } = procScan(t)
  const file = join(temporary(t), 'a')
  writeFileSync(file, 'data')
  const link = process(7, { links: { 'fd/3': file } })
  const stat = statSync(file, { bigint: true })
  const open = { pid: '7', link: `${link}/fd/3`, path: '/a', way: 'open file' } as const
  addOpen(scan, open, Object.assign(stat, { blksize: size }))
  t.ok(scan.devices.isKnown(hexDevice(stat.dev)))
  t.strictSame([scan.descriptors, scan.files], [[], new Map()])
})

t.test('rings and sockets are noted', async (t) => {
  const { scan, process, proc } = procScan(t)
  process(7, {
    links: {
      'fd/3': 'anon_inode:[io_uring]',
      'fd/4': 'socket:[123]',
      'fd/5': 'pipe:[9]',
      'fd/6': 'anon_inode:[eventpoll]',
      'fd/7': 'xsocket:[1]',
    },
  })
  scanDescriptors(scan, [scanned(7)])
  t.strictSame(
    [...scan.opaque].sort((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { pid: '7', name: '3', fdinfo: `${proc}/7/fdinfo/3`, isRing: true },
      { pid: '7', name: '4', fdinfo: `${proc}/7/fdinfo/4`, isRing: false },
    ],
  )
})

t.test('links that go, and what they led to', async (t) => {
  const { scan, top, process } = machine(t, 'a')
  process(7, {
    texts: { 'fd/3': 'no link', cwd: 'no link' },
    links: { 'fd/4': join(top, 'none'), 'fd/5': join(top, 'a'), root: join(top, 'none') },
  })
  scanDescriptors(scan, [scanned(7)])
  t.strictSame(scan.descriptors, [descriptorOf(join(top, 'a'))])
})

t.test(
  'who may list the descriptors of a process, and not follow them, sees nothing',
  async (t) => {
    const { scan, top, process } = machine(t, 'a')
    const none = join(top, 'none')
    const open = { 'fd/3': join(top, 'a') }
    // What is no link is refused with EINVAL, as links of others are with EACCES.
    process(6, { links: { ...open, cwd: none, root: none } })
    process(7, { texts: { cwd: '' }, links: { ...open, root: none } })
    process(8, { texts: { root: '' }, links: { ...open, cwd: none } })
    process(9, { links: open })
    scanDescriptors(scan, [scanned(6), scanned(7), { ...scanned(8), space: 0 }, scanned(9)])
    t.strictSame(
      [...scan.unseen],
      [[7, { process: processNamed(7), bytes: 0n, errno: 'EINVAL' }]],
      'links that are gone are no refusal',
    )
  },
)

t.test('processes that may not be looked into, and one that is gone', async (t) => {
  const { scan, process } = procScan(t)
  // A link to itself is refused with ELOOP, to root too.
  for (const pid of [6, 7, 8]) process(pid, { links: { fd: 'fd' } })
  const known = { process: processNamed(8), bytes: size, errno: 'EACCES' }
  scan.unseen.set(8, known)
  const kernelThread = { ...scanned(6), space: 0 }
  scanDescriptors(scan, [
    kernelThread,
    { ...scanned(7), hugeBytes: size },
    { ...scanned(8), hugeBytes: size, space: 1 },
    scanned(9),
  ])
  t.strictSame(
    [...scan.unseen],
    [
      [8, known],
      [7, { process: processNamed(7), bytes: 0n, errno: 'ELOOP' }],
    ],
  )
})

/** A process with a thread beside its first one, and one more thread that has these descriptors. */
const threaded = (t: Test, threads: number, own: Readonly<Record<string, string>>) => {
  const { scan, top, process } = machine(t, 'a', 'b', 'c')
  const at = (links: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(links).map(([name, file]) => [name, join(top, file)]))
  process(7, {
    links: {
      ...at({ 'fd/3': 'a', 'task/7/fd/5': 'c', 'task/8/fd/3': 'b' }),
      ...at(own),
    },
  })
  mkdirSync(join(scan.proc, '7/task/10'))
  scanDescriptors(scan, [scanned(7, threads)])
  return scan.descriptors.map(({ process, path }) => [process.pid, path.slice(top.length)])
}

t.test('threads with descriptors of their own', async (t) => {
  t.strictSame(threaded(t, 3, { 'task/9/fd/4': 'c' }), [
    [7, '/a'],
    [7, '/c'],
  ])
  t.equal(threaded(t, 2, { 'task/9/fd/4': 'c' }).length, 2)
  t.strictSame(threaded(t, 1, { 'task/9/fd/4': 'c' }), [[7, '/a']])
  t.strictSame(threaded(t, 2, {}), [[7, '/a']])
})

t.test('a ring and a socket that only the table of a thread has', async (t) => {
  const { scan, process, proc } = procScan(t)
  process(7, {
    texts: { 'fd/none': '' },
    links: {
      'task/7/fd/9': 'socket:[3]',
      'task/8/fd/3': 'anon_inode:[io_uring]',
      'task/8/fd/4': 'socket:[17]',
    },
  })
  scanDescriptors(scan, [scanned(7, 2)])
  const thread = join(proc, '7/task/8/fdinfo')
  t.strictSame(
    scan.opaque.toSorted((a, b) => Number(a.name) - Number(b.name)),
    [
      { pid: '7', name: '3', fdinfo: `${thread}/3`, isRing: true },
      { pid: '7', name: '4', fdinfo: `${thread}/4`, isRing: false },
    ],
  )
})

t.test(
  'files whose paths tell nothing are told by their mounts, when all else is known',
  async (t) => {
    const { scan, top, process } = machine(t, 'sub/a', 'sub/b')
    scan.targets.clear()
    const directory = process(7, {
      links: { 'fd/3': join(top, 'sub/a'), 'fd/4': '/dev/null', 'fd/5': join(top, 'sub/b') },
      texts: { 'fdinfo/3': lines('mnt_id:\t99'), 'fdinfo/5': lines('mnt_id:\t22') },
    })
    process('self', {
      links: { 'ns/mnt': 'mnt:[1]' },
      texts: { mountinfo: lines('22 1 8:1 / / rw - ext4 disk rw') },
    })
    scanDescriptors(scan, [scanned(7)])
    t.strictSame(scan.descriptors, [])
    t.strictSame(
      scan.distant.map(({ name }) => name).toSorted(),
      ['3', '5'],
      'devices are known by their paths',
    )
    t.hasStrict(scan.distant, [
      { pid: '7', directory },
      { pid: '7', directory },
    ])
    scanDistantDescriptors(scan)
    t.strictSame(scan.descriptors, [descriptorOf(join(top, 'sub/a'))])
    scanDistantDescriptors(scan)
    t.equal(scan.descriptors.length, 1, 'each is looked at once')
  },
)
