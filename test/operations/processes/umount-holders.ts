import { linkSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { deviceOf } from '../../../src/kernel/mounts/mount-device.ts'
import { hexDevice } from '../../../src/kernel/processes/scan/huge-devices.ts'
import type { Holder } from '../../../src/model/mounts/umount-holder.ts'
import { holderFinder } from '../../../src/operations/processes/umount-holders.ts'
import { answering } from '../../helpers/failing-files.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../helpers/on-fake.ts'
import { fill } from '../../helpers/proc-scan.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, withoutMemfd } from '../../helpers/running-machine.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

interface Process {
  readonly command?: string
  readonly cwd?: string
  readonly root?: string
  readonly descriptors?: Readonly<Record<string, string>>
  readonly maps?: string
  /** Names of links of map_files and what they lead to. */
  readonly mapped?: Readonly<Record<string, string>>
  /** Descriptors of a second thread that has a table of its own. */
  readonly ofThread?: Readonly<Record<string, string>>
  /** In kB; 0 for a kernel thread. */
  readonly space?: number
  /** In kB; left out where the kernel does not tell. */
  readonly touched?: number
}

const within = (name: string, links: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(links).map(([link, to]) => [`${name}/${link}`, to]))

/** The kernel shows of a descriptor by which mount it is. */
const fdinfo = (name: string, links: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(links).map(([link, to]) => [
      `${name}/${link}`,
      `mnt_id:\t${to === '/' ? 1 : 30}\n`,
    ]),
  )

const addProcess = (proc: string, pid: number, process: Process) => {
  const { command = 'app', cwd = '/', root = '/', maps = '', space = 4 } = process
  const { descriptors = {}, mapped = {}, ofThread, touched } = process
  const thread = `task/${pid + 1}`
  const directory = join(proc, `${pid}`)
  mkdirSync(join(directory, 'fd'), { recursive: true })
  fill(directory, {
    texts: {
      status: lines(
        `Name:\t${command}`,
        `Threads:\t${ofThread ? 2 : 1}`,
        ...(space > 0 ? [`VmSize:\t${space} kB`] : []),
        ...(touched !== undefined ? [`HugetlbPages:\t${touched} kB`] : []),
      ),
      maps,
      ...fdinfo('fdinfo', descriptors),
      ...fdinfo(`${thread}/fdinfo`, ofThread ?? {}),
    },
    links: {
      cwd,
      root,
      ...within('fd', descriptors),
      ...within('map_files', mapped),
      ...within(`${thread}/fd`, ofThread ?? {}),
    },
  })
}

/** The number of the process that looks, in the directory of the processes. */
const own = 999

/** A directory that stands for a mount, with two files, and a /proc with this process alone. */
const stage = (t: Test) => {
  const top = temporary(t)
  const [proc, mount] = [join(top, 'proc'), join(top, 'mount')]
  fill(mount, { texts: { a: 'x', 'sub/b': 'x' } })
  const { dev } = statSync(mount, { bigint: true })
  const parts = hexDevice(dev).split(':')
  const device = deviceOf(parts.map((part) => Number.parseInt(part, 16)).join(':'))
  const line = lines(
    '1 0 0:1 / / rw - ext4 /dev/vda rw',
    `30 1 ${device.decimal} / ${mount} rw - hugetlbfs none rw,pagesize=2M`,
  )
  fill(join(proc, 'self'), { texts: { mountinfo: line }, links: { 'ns/mnt': 'mnt:[1]' } })
  const kernel = fakeKernel({ pools: [{ size }] })
  kernel.extra.set('/proc/self/status', `Pid:\t${own}\n`)
  const ports = { tree: onMachine(kernel, proc), native: () => withoutMemfd }
  const find = () => holderFinder(ports)(device, size)
  return { proc, mount, device, find }
}

const short = ({ pid, holds, path }: Holder) => [pid, holds, path]

t.test('a mapping holds a mount whether it has a page or none', async (t) => {
  const { proc, mount, device, find } = stage(t)
  const maps = `7f0000000000-7f0000200000 rw-s 00000000 ${device.hex} 11    ${mount}/a\n`
  addProcess(proc, 3, { maps, touched: 2048 })
  addProcess(proc, 20, { maps, touched: 0 })
  t.strictSame(find().found.map(short), [
    [3, 'mapping', join(mount, 'a')],
    [20, 'mapping', join(mount, 'a')],
  ])
})

t.test('what a process can hold', async (t) => {
  const { proc, mount, device, find } = stage(t)
  addProcess(proc, 20, { command: 'shell', cwd: join(mount, 'sub') })
  addProcess(proc, 3, {
    root: mount,
    descriptors: { 0: '/dev/null', 5: join(mount, 'a'), 6: join(mount, 'a'), 7: 'socket:[17]' },
  })
  addProcess(proc, 100, {
    maps: lines(
      '00400000-00401000 r-xp 00000000 fe:63 17                 /bin/app',
      `7f0000000000-7f0000200000 rw-s 00000000 ${device.hex} 11    ${mount}/a`,
      `7f0000200000-7f0000400000 rw-s 00200000 ${device.hex} 11    ${mount}/a`,
      `00600000-00800000 rw-p 00000000 ${device.hex} 12    ${mount}/new\\012line (deleted)`,
      '7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                    [stack]',
    ),
    mapped: { '7f0000000000-7f0000200000': join(mount, 'a') },
  })
  const { found, unexamined, ...rest } = find()
  t.strictSame([unexamined, rest], [[], {}])
  t.strictSame(found.map(short), [
    [3, 'root', mount],
    [3, 'open file', join(mount, 'a')],
    [20, 'working directory', join(mount, 'sub')],
    [100, 'mapping', join(mount, 'a')],
    [100, 'mapping', join(mount, 'a')],
    [100, 'mapping', `${mount}/new\nline (deleted)`],
  ])
  t.equal(found[2]?.command, 'shell')
  t.hasStrict(found[0]?.file, { bytes: 0n, named: true }, 'a directory has no pages')
  const stat = statSync(join(mount, 'a'), { bigint: true })
  t.strictSame(found[1]?.file, { inode: stat.ino, bytes: 0n, named: true })
  t.type(found[1]?.mountId, 'number')
  t.type(found[2]?.mountId, 'number')
  t.type(found[3]?.mountId, 'number')
  t.notOk('mountId' in (found[4] as Holder), 'a link of map_files is missing')
  t.strictSame(found[5]?.own, { frames: [], unplaced: 0 })
})

t.test('what only a thread of a process has open', async (t) => {
  const { proc, mount, find } = stage(t)
  addProcess(proc, 7, { ofThread: { 4: join(mount, 'a') } })
  t.strictSame(find().found.map(short), [[7, 'open file', join(mount, 'a')]])
})

t.test('who has nothing to do with it', async (t) => {
  const { proc, mount, find } = stage(t)
  addProcess(proc, 2, { cwd: `${mount}x`, descriptors: { 1: '/', 2: join(mount, 'gone') } })
  addProcess(proc, 3, { cwd: '/proc' })
  mkdirSync(join(proc, '4'))
  mkdirSync(join(proc, 'sys'))
  t.strictSame(find(), { found: [], unexamined: [] })
})

t.test('a path below the mount on another device is not held by it', async (t) => {
  const { proc, mount, find } = stage(t)
  symlinkSync('/proc', join(mount, 'link'))
  addProcess(proc, 2, { cwd: join(mount, 'link') })
  t.strictSame(find().found, [])
})

t.test('this process is named where there is nobody else', async (t) => {
  const { proc, mount, find } = stage(t)
  addProcess(proc, own, { cwd: mount })
  t.strictSame(find().found.map(short), [[own, 'working directory', mount]])
  addProcess(proc, 20, { cwd: mount })
  t.strictSame(find().found.map(short), [[20, 'working directory', mount]])
})

for (const [code, isTold] of [
  ['EACCES', true],
  ['EPERM', true],
  ['ENOENT', false],
  ['ESRCH', false],
] as const)
  t.test(`a process whose files answer ${code}`, async (t) => {
    const { proc, mount, find } = stage(t)
    addProcess(proc, 2, { command: 'systemd' })
    addProcess(proc, 3, { cwd: mount })
    addProcess(proc, 4, { command: 'kthreadd', space: 0 })
    answering(t, join(proc, '2/fd'), code)
    answering(t, join(proc, '4/fd'), code)
    const { found, ...rest } = find()
    t.strictSame(rest, {
      unexamined: isTold ? [{ pid: 2, command: 'systemd', errno: code }] : [],
    })
    t.strictSame(found.map(short), [[3, 'working directory', mount]])
  })

t.test('a holder that could not be looked into in full is a holder', async (t) => {
  const { proc, mount, device, find } = stage(t)
  const range = '7f0000000000-7f0000200000'
  addProcess(proc, 3, { maps: `${range} rw-s 00000000 ${device.hex} 11    ${mount}/a\n` })
  answering(t, join(proc, '3/fd'), 'EACCES')
  const { found, unexamined } = find()
  t.strictSame([found.map(short), unexamined], [[[3, 'mapping', join(mount, 'a')]], []])
})

for (const code of ['EMFILE', 'ENOMEM'])
  t.test(`nothing is known where the look is answered by ${code}`, async (t) => {
    const { proc, mount, find } = stage(t)
    addProcess(proc, 3, { cwd: mount })
    addProcess(proc, 4, {})
    answering(t, join(proc, '4/fd'), code)
    const { unlooked, ...rest } = find()
    t.strictSame(rest, { found: [], unexamined: [] })
    t.match(unlooked, /^looking for them: .+/)
  })

t.test('another error of a look is not taken for an answer', async (t) => {
  const { proc, find } = stage(t)
  addProcess(proc, 4, {})
  answering(t, join(proc, '4/fd'), undefined as unknown as string)
  t.throws(find)
})

t.test('processes that /proc hides', async (t) => {
  const { proc, find } = stage(t)
  addProcess(proc, 4, {})
  answering(t, join(proc, '4/status'), 'EPERM')
  t.strictSame(find(), { found: [], unexamined: [], hidden: 'users' })
})

t.test('a name that is removed', async (t) => {
  const { proc, mount, find } = stage(t)
  const other = join(mount, '..', 'other')
  linkSync(join(mount, 'a'), other)
  rmSync(join(mount, 'a'))
  // As /proc has it: the link says more than it leads to, which a test cannot make.
  symlinkSync(other, join(mount, 'a (deleted)'))
  addProcess(proc, 2, {
    descriptors: { 4: join(mount, 'a (deleted)'), 5: join(mount, 'sub/b') },
  })
  t.strictSame(
    find().found.map((one) => [...short(one), one.file?.named]),
    [
      [2, 'open file', join(mount, 'a (deleted)'), false],
      [2, 'open file', join(mount, 'sub/b'), true],
    ],
  )
})
