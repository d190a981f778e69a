import fs, {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findHolders } from '../../../src/kernel/mounts/holders.ts'
import { deviceOf } from '../../../src/kernel/mounts/mount-device.ts'
import type { Holder } from '../../../src/model/mounts/umount-holder.ts'
import { temporary } from '../../helpers/run.ts'

interface Process {
  readonly command?: string
  readonly cwd?: string
  readonly root?: string
  readonly descriptors?: Readonly<Record<string, string>>
  readonly maps?: string
  /** Names of links of map_files and what they lead to. */
  readonly mapped?: Readonly<Record<string, string>>
}

const symlinks = (directory: string, links: Readonly<Record<string, string>>) => {
  mkdirSync(directory)
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(directory, name))
}

const addProcess = (proc: string, pid: number, process: Process) => {
  const directory = join(proc, `${pid}`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'comm'), `${process.command ?? 'app'}\n`)
  writeFileSync(join(directory, 'cmdline'), 'app\0')
  writeFileSync(join(directory, 'maps'), process.maps ?? '')
  symlinkSync(process.cwd ?? '/', join(directory, 'cwd'))
  symlinkSync(process.root ?? '/', join(directory, 'root'))
  symlinks(join(directory, 'fd'), process.descriptors ?? {})
  symlinks(join(directory, 'map_files'), process.mapped ?? {})
}

/** A directory that stands for a mount, with two files, and an empty /proc. */
const stage = (t: Test) => {
  const directory = temporary(t)
  const [proc, mount] = [join(directory, 'proc'), join(directory, 'mount')]
  mkdirSync(proc)
  mkdirSync(join(mount, 'sub'), { recursive: true })
  for (const name of ['a', 'sub/b']) writeFileSync(join(mount, name), 'x')
  symlinkSync('999', join(proc, 'self'))
  const { dev } = statSync(mount, { bigint: true })
  const device = deviceOf(`${(dev >> 8n) & 0xfffn}:${(dev & 0xffn) | ((dev >> 12n) & ~0xffn)}`)
  const find = () => findHolders(proc, { device, targets: [mount], pageSize: 2n ** 21n })
  return { proc, mount, device, find }
}

const short = ({ pid, holds, path }: Holder) => [pid, holds, path]

t.test('what a process can hold', async (t) => {
  const { proc, mount, device, find } = stage(t)
  addProcess(proc, 20, { command: 'shell', cwd: join(mount, 'sub') })
  addProcess(proc, 3, {
    root: mount,
    descriptors: { 0: '/dev/null', 5: join(mount, 'a'), 6: join(mount, 'a'), 7: 'socket:[17]' },
  })
  addProcess(proc, 100, {
    maps: [
      '00400000-00401000 r-xp 00000000 fe:63 17                 /bin/app',
      `7f0000000000-7f0000200000 rw-s 00000000 ${device.hex} 11    ${mount}/a`,
      `7f0000200000-7f0000400000 rw-s 00200000 ${device.hex} 11    ${mount}/a`,
      `00600000-00800000 rw-p 00000000 ${device.hex} 12    ${mount}/new\\012line (deleted)`,
      '7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                    [stack]',
    ].join('\n'),
    mapped: { '7f0000000000-7f0000200000': join(mount, 'a') },
  })
  const { found, unexamined } = find()
  t.strictSame(unexamined, [])
  t.strictSame(found.map(short), [
    [3, 'root', mount],
    [3, 'open file', join(mount, 'a')],
    [20, 'working directory', join(mount, 'sub')],
    [100, 'mapping', join(mount, 'a')],
    [100, 'mapping', join(mount, 'a')],
    [100, 'mapping', `${mount}/new\nline (deleted)`],
  ])
  t.equal(found[2]?.command, 'shell')
  const stat = statSync(join(mount, 'a'), { bigint: true })
  const file = { inode: stat.ino, bytes: stat.blocks * 512n, named: true }
  t.strictSame(found[1]?.file, file)
  t.type(found[1]?.mountId, 'number')
  t.strictSame(found[3]?.file, file)
  t.notOk('file' in (found[4] as Holder), 'a link of map_files is missing')
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
  addProcess(proc, 999, { cwd: mount })
  t.strictSame(find().found.map(short), [[999, 'working directory', mount]])
  addProcess(proc, 20, { cwd: mount })
  t.strictSame(find().found.map(short), [[20, 'working directory', mount]])
})

/** Everything in a directory answers so, whoever asks. */
const answering = (t: Test, directory: string, code: string) => {
  const { readdirSync } = fs
  const change = (other: unknown) => {
    Object.assign(fs, { readdirSync: other })
    syncBuiltinESMExports()
  }
  change((path: string, ...rest: never[]) => {
    if (path === directory)
      throw Object.assign(new Error(code), { code, errno: -1, syscall: 'open' })
    return readdirSync(path, ...rest)
  })
  t.teardown(() => change(readdirSync))
}

for (const [code, isTold] of [
  ['EACCES', true],
  ['EPERM', true],
  ['EMFILE', true],
  ['ENOENT', false],
  ['ESRCH', false],
] as const)
  t.test(`a process whose files answer ${code}`, async (t) => {
    const { proc, mount, find } = stage(t)
    addProcess(proc, 2, { command: 'systemd' })
    addProcess(proc, 3, { cwd: mount })
    answering(t, join(proc, '2/fd'), code)
    const { found, ...rest } = find()
    t.strictSame(rest, {
      unexamined: isTold ? [{ pid: 2, command: 'systemd', errno: code }] : [],
    })
    t.strictSame(found.map(short), [[3, 'working directory', mount]])
  })

t.test('files that are open, with and without a name', async (t) => {
  const { proc, mount, find } = stage(t)
  symlinkSync(`/proc/${process.pid}`, join(proc, `${process.pid}`))
  const descriptors = ['a', 'sub/b'].map((name) => openSync(join(mount, name), 'r'))
  rmSync(join(mount, 'a'))
  // Its own program and libraries may lie on the same device.
  const found = find().found.filter(({ path }) => path.startsWith(mount))
  for (const descriptor of descriptors) closeSync(descriptor)
  t.strictSame(
    found.map(({ pid, path, file }) => [pid, path, file?.named]),
    [
      [process.pid, `${join(mount, 'a')} (deleted)`, false],
      [process.pid, join(mount, 'sub/b'), true],
    ],
  )
})

t.test('a name that is removed', async (t) => {
  const { proc, mount, find } = stage(t)
  const other = join(mount, '..', 'other')
  linkSync(join(mount, 'a'), other)
  rmSync(join(mount, 'a'))
  // As /proc has it: the link says more than it leads to, which a test cannot make.
  symlinkSync(other, join(mount, 'a (deleted)'))
  addProcess(proc, 2, { descriptors: { 4: join(mount, 'a (deleted)') } })
  t.strictSame(find().found.map(short), [[2, 'open file', join(mount, 'a (deleted)')]])
})
