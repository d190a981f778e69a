import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { release } from 'node:os'
import t from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'

/** Another build of it (memory.ts), or the usual one. */
const addon: Native = createRequire(import.meta.url)(
  process.env.HUGEPOOL_TEST_ADDON ?? '../../native/build/Release/hugepool.node',
)

type Call = 'eachMountNamespace' | 'kcmp' | 'statAsKnown' | 'lookIntoMounts'

// For arguments that the types forbid.
const untyped = (name: Call, ...args: readonly unknown[]): unknown =>
  Reflect.apply(addon[name], undefined, args)

const needsRoot = process.getuid?.() !== 0 && 'needs root'
const [major = 0, minor = 0] = release().split('.').map(Number)
const listsNamespaces = major * 1000 + minor >= 6012

// include/uapi/linux/kcmp.h
const KCMP_VM = 1
const KCMP_FILES = 2
const KCMP_FS = 3

t.test('kcmp: what threads have in common, and other processes have not', async (t) => {
  const threads = readdirSync('/proc/self/task').map(Number)
  t.ok(threads.length > 1)
  for (const type of [KCMP_VM, KCMP_FILES, KCMP_FS])
    t.equal(addon.kcmp(process.pid, threads.at(-1) ?? 0, type), 0)
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  t.teardown(() => child.kill())
  t.ok([1, 2, 3].includes(addon.kcmp(process.pid, child.pid ?? 0, KCMP_VM)))
  t.throws(() => addon.kcmp(process.pid, 2 ** 22, KCMP_VM), { code: 'ESRCH', syscall: 'kcmp' })
  t.throws(() => addon.kcmp(process.pid, process.pid, 99), { code: 'EINVAL' })
})

t.test('statAsKnown: as stat(2), without asking a server', async (t) => {
  const path = t.testdir({ file: 'x'.repeat(10_000) })
  for (const name of [path, `${path}/file`, '/proc/self', '/dev/null']) {
    const { dev, ino, mode, uid, size, blocks, blksize } = statSync(name, { bigint: true })
    t.strictSame(addon.statAsKnown(name), { dev, ino, mode, uid, size, blocks, blksize }, name)
  }
  const missing = `${path}/missing`
  t.throws(() => addon.statAsKnown(missing), { code: 'ENOENT', syscall: 'statx', path: missing })
})

t.test('lookIntoMounts: the table of a namespace and its root', { skip: needsRoot }, async (t) => {
  const script =
    'mount -t tmpfs -o size=1M hugepool-there /mnt && echo x >/mnt/there && exec sleep 60'
  const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: 'ignore' })
  t.teardown(() => child.kill())
  const space = `/proc/${child.pid}/ns/mnt`
  while (readFileSync(`/proc/${child.pid}/comm`, 'utf8') !== 'sleep\n')
    await new Promise((done) => setTimeout(done, 10))
  const before = readlinkSync('/proc/self/ns/mnt')
  const { table, root } = addon.lookIntoMounts(space)
  t.equal(table.toString(), readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8'))
  t.equal(readFileSync(`/proc/self/fd/${root}/mnt/there`, 'utf8'), 'x\n')
  closeSync(root)
  t.equal(readlinkSync('/proc/self/ns/mnt'), before, 'this process stays where it is')
  t.notMatch(readFileSync('/proc/self/mountinfo', 'utf8'), 'hugepool-there')
})

t.test('lookIntoMounts: what is no namespace', { skip: needsRoot }, async (t) => {
  t.throws(() => addon.lookIntoMounts('/nonexistent'), { code: 'ENOENT', syscall: 'open' })
  t.throws(() => addon.lookIntoMounts('/dev/null'), { code: 'EINVAL', syscall: 'setns' })
})

t.test('eachMountNamespace: all but the own one, each once', { skip: needsRoot }, async (t) => {
  if (!listsNamespaces) {
    t.throws(() => addon.eachMountNamespace(() => {}), { code: 'ENOTTY', syscall: 'ioctl' })
    return
  }
  const child = spawn('unshare', ['-m', 'sleep', '60'], { stdio: 'ignore' })
  while (readFileSync(`/proc/${child.pid}/comm`, 'utf8') !== 'sleep\n')
    await new Promise((done) => setTimeout(done, 10))
  const kept = openSync(`/proc/${child.pid}/ns/mnt`, 'r')
  const name = readlinkSync(`/proc/self/fd/${kept}`)
  const ended = new Promise((done) => child.once('close', done))
  child.kill()
  await ended
  const names: string[] = []
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  addon.eachMountNamespace((space) => names.push(readlinkSync(`/proc/self/fd/${space}`)))
  t.equal(open(), before, 'none is left open')
  const fault = new TypeError('a fault')
  let calls = 0
  const visit = () => {
    calls += 1
    throw fault
  }
  t.throws(() => addon.eachMountNamespace(visit), fault)
  t.strictSame([calls, open()], [1, before], 'what is thrown ends it')
  closeSync(kept)
  t.ok(names.includes(name), 'also one that no process is in')
  t.notOk(names.includes(readlinkSync('/proc/self/ns/mnt')))
  t.equal(new Set(names).size, names.length)
})

t.test('wrong arguments', async (t) => {
  t.throws(() => untyped('kcmp', 1, 2), {
    message: 'kcmp: one, other and type must be integers',
  })
  t.throws(() => untyped('kcmp', 1.5, 2, 1), TypeError)
  t.throws(() => untyped('statAsKnown', 7), { message: 'statAsKnown: path must be a string' })
  t.throws(() => untyped('statAsKnown', '/\0'), TypeError)
  t.throws(() => untyped('eachMountNamespace'), {
    message: 'eachMountNamespace: visit must be a function',
  })
  t.throws(() => untyped('lookIntoMounts'), { message: 'lookIntoMounts: space must be a string' })
})
