import { randomBytes } from 'node:crypto'
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import { explain } from '../../../src/kernel/errno.ts'
import { hexDevice } from '../../../src/kernel/processes/scan/huge-devices.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import {
  accountForPages,
  nativeIfThere,
} from '../../../src/operations/processes/account-for-pages.ts'
import { whoSchema } from '../../../src/output/schemas/who-schema.ts'
import { answering } from '../../helpers/failing-files.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { hugeDirectory } from '../../helpers/huge-directory.ts'
import { parseExact } from '../../helpers/json.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, procWith, withoutMemfd } from '../../helpers/running-machine.ts'
import { memfd, segmentsPath } from '../../helpers/segment-scan.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

const portsOf = (tree: FakeKernel, native: Ports['native'] = () => withoutMemfd) => ({
  tree,
  native,
})

const failure = (code: string) => Object.assign(new Error(code), { code })

t.test('an addon that is missing is done without, one that finds no room is not', async (t) => {
  const tree = onMachine(fakeKernel(), procWith(t))
  const native = (error: unknown) =>
    portsOf(tree, () => {
      throw error
    })
  t.equal(nativeIfThere(native(unsupported('no-addon', 'cannot be loaded'))), undefined)
  t.equal(nativeIfThere(portsOf(fakeKernel())), undefined, 'a recording has none')
  t.equal(nativeIfThere(portsOf(tree)), withoutMemfd)
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']) {
    t.throws(() => nativeIfThere(native(failure(code))), { code })
    const explained = explain(failure(code), 'the native addon')
    t.throws(() => nativeIfThere(native(explained)), explained as Error)
  }
})

/** A machine with a hugetlbfs, for which a directory stands, and a page in use. */
const mounted = (directory: string): FakeKernel => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size, persistent: { 0: 4n } }],
  })
  kernel.map(size, 1n).touch(1n)
  const [major, minor] = hexDevice(statSync(directory, { bigint: true }).dev)
    .split(':')
    .map((part) => Number.parseInt(part, 16))
  const line = `30 1 ${major}:${minor} / ${directory} rw - hugetlbfs none rw,pagesize=2M`
  kernel.extra.set('/proc/self/mountinfo', `${line}\n`)
  return kernel
}

t.test('directories of mounts that may not be read are counted and said', async (t) => {
  const directory = temporary(t)
  for (const name of ['open', 'closed']) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'file'), '')
  }
  const tree = onMachine(mounted(directory), procWith(t))
  const look = () => onFake(tree, 'who --json', { native: withoutMemfd })
  const unseen = async () => whoSchema.parse(parseExact((await look()).stdout)).unseen
  t.strictSame(await unseen(), { processes: 0n, directories: 0n })
  answering(t, join(directory, 'closed'), 'EACCES')
  t.strictSame(await unseen(), { processes: 0n, directories: 1n })
  answering(t, join(directory, 'open/file'), 'EACCES')
  t.strictSame(await unseen(), { processes: 0n, directories: 2n })
})

t.test('the root of a mount that may not be read, and one that something hides', async (t) => {
  const directory = temporary(t)
  const tree = onMachine(mounted(directory), procWith(t))
  const request = { sizes: [size], everything: false, attach: false }
  t.equal(accountForPages(portsOf(tree), request).found.unread, undefined)
  answering(t, directory, 'EACCES')
  t.strictSame(accountForPages(portsOf(tree), request).found.unread, [{ size, path: directory }])
  const { stderr } = await onFake(tree, 'who', { native: withoutMemfd })
  t.match(stderr, ', or files in a directory that could not be read (1)')
})

t.test('a recording tells of segments and minimum sizes what it has', async (t) => {
  const kernel = mounted(temporary(t))
  const head = 'key shmid size nattch uid rss'
  kernel.extra.set(
    '/proc/sysvipc/shm',
    `${head}\n-1729456 3 2097152 0 26 1073741824\n 1 4 2097152 0 26 2097152\n`,
  )
  const { stdout, stderr } = await onFake(kernel, 'who -nr')
  t.equal(
    stdout,
    '- 26 - segment 2M 1 0 SysV\\0403\\040(key\\0400xffe59c50),\\040nobody\\040attached\n',
  )
  t.match(stderr, '2M: the page in use is explained')
})

t.test(
  'nothing more is looked at where nothing can be certain, if that alone counts',
  async (t) => {
    const attachedWith = (statuses: Readonly<Record<number, string>>, certainOnly?: boolean) => {
      const attached: number[] = []
      const kernel = fakeKernel({
        nodes: [{ id: 0, memory: 4n * G }],
        pools: [{ size, persistent: { 0: 4n } }],
      })
      kernel.extra.set(segmentsPath, 'key shmid size nattch uid rss\n 1 4 2097152 0 26 0\n')
      kernel.map(size, 1n)
      const native = nativeWith({
        memfd,
        atSegment: (_, id) => {
          attached.push(id)
        },
      })
      const tree = onMachine(kernel, procWith(t, statuses))
      const { found } = accountForPages(
        portsOf(tree, () => native),
        {
          sizes: [],
          everything: false,
          attach: true,
          ...(certainOnly !== undefined && { certainOnly }),
        },
      )
      return { attached, unseen: [...found.unseen.keys()] }
    }
    const closed = { 7: 'Name:\tzoo\nVmSize:\t9 kB\nHugetlbPages:\t2048 kB\n' }
    t.strictSame(
      [attachedWith(closed, true), attachedWith(closed, false), attachedWith(closed)],
      [
        { attached: [], unseen: [7] },
        { attached: [4], unseen: [7] },
        { attached: [4], unseen: [7] },
      ],
    )
    t.strictSame(attachedWith({}, true), { attached: [4], unseen: [] })
  },
)

t.test('segments without pages are attached where reservations are left to explain', async (t) => {
  const attachedWith = (reserved: bigint): readonly number[] => {
    const attached: number[] = []
    const kernel = fakeKernel({
      nodes: [{ id: 0, memory: 4n * G }],
      pools: [{ size, persistent: { 0: 4n } }],
    })
    kernel.extra.set(segmentsPath, `key shmid size nattch uid rss\n 1 4 2097152 0 26 0\n`)
    kernel.map(size, reserved)
    const native = nativeWith({
      memfd,
      atSegment: (_, id) => {
        attached.push(id)
      },
    })
    const request = { sizes: [size], everything: true, attach: true }
    const tree = onMachine(kernel, procWith(t))
    accountForPages(
      portsOf(tree, () => native),
      request,
    )
    return attached
  }
  t.strictSame([attachedWith(0n), attachedWith(1n)], [[], [4]])
})

t.test(
  'who has a file open that nobody maps is found although its pages are explained',
  async (t) => {
    const { top, proc, kernel, ports } = hugeDirectory(t, [])
    const file = join(top, 'model')
    // No file system makes less of random bytes.
    writeFileSync(file, randomBytes(Number(size)))
    kernel.map(size, 1n).touch(1n)
    const holder = join(proc, '7')
    mkdirSync(join(holder, 'fd'), { recursive: true })
    writeFileSync(join(holder, 'status'), 'Name:\tloader\nVmSize:\t9 kB\n')
    writeFileSync(join(holder, 'maps'), '')
    symlinkSync(file, join(holder, 'fd/3'))
    const { books, found } = accountForPages(ports, {
      sizes: [size],
      everything: false,
      attach: false,
    })
    t.strictSame(
      books.map(({ inUse, unexplained }) => ({ inUse, unexplained })),
      [{ inUse: 1n, unexplained: 0n }],
    )
    t.strictSame(
      found.descriptors.map(({ process, path, way }) => [process.pid, path, way]),
      [[7, file, 'open file']],
    )
  },
)
