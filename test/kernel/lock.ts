import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { type Lock, lockFiles, openLocks } from '../../src/kernel/lock.ts'
import { native } from '../helpers/mapping.ts'
import { standIn } from '../helpers/standing-in.ts'

const isRoot = process.geteuid?.() === 0

const files = (...paths: readonly string[]) => paths.map((path) => ({ path, isMade: false }))

/** The path of a file that only this user can open. */
const ownFile = (t: Test): string => {
  const path = join(t.testdir({ lock: '' }), 'lock')
  chmodSync(path, 0o600)
  return path
}

const open = (path: string): Lock => {
  const [lock] = openLocks(native, files(path)).locks
  if (lock === undefined) throw new Error(`${path} was left out`)
  return lock
}

/** How many descriptors of this process lead to a file. */
const descriptorsOf = (path: string): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === path
    } catch {
      // That of the directory itself is closed by now.
      return false
    }
  }).length

t.test('the files: sysfs first, of which only root can open it', async (t) => {
  const [first, second] = lockFiles
  t.strictSame(
    lockFiles.map(({ isMade }) => isMade),
    [false, true],
  )
  t.equal(second?.path, '/run/lock/hugepool.lock', 'that of other versions')
  const { uid, mode } = statSync(first?.path ?? '')
  t.strictSame({ uid, mode: mode & 0o777 }, { uid: 0, mode: 0o200 })
  const { locks, leftOut } = openLocks(native, [...lockFiles].slice(0, 1))
  for (const lock of locks) lock.release()
  if (isRoot) t.strictSame([locks.map(({ path }) => path), leftOut], [[first?.path], []])
  else t.strictSame([locks, leftOut.map(({ why }) => why)], [[], ['EACCES']])
})

t.test('one holds a lock at a time, until it is released', async (t) => {
  const path = ownFile(t)
  const [one, other] = [open(path), open(path)]
  t.equal(one.path, path)
  t.equal(one.tryAcquire(), true)
  t.equal(other.tryAcquire(), false)
  t.equal(other.tryAcquire(), false, 'however often it is tried')
  one.release()
  t.equal(other.tryAcquire(), true)
  other.release()
  t.equal(descriptorsOf(path), 0, 'no descriptor stays open')
})

t.test('another failure of flock(2) is none of waiting', async (t) => {
  const lock = open(ownFile(t))
  lock.release()
  t.throws(() => lock.tryAcquire(), { code: 'E_KERNEL', cause: { code: 'EBADF' } })
})

t.test('those that can be opened are, in their order', async (t) => {
  const path = ownFile(t)
  const other = join(dirname(path), 'other')
  const { locks, leftOut } = openLocks(native, files(path, other, path))
  for (const lock of locks) lock.release()
  t.strictSame(
    locks.map((lock) => lock.path),
    [path, path],
  )
  t.strictSame(leftOut, [{ path: other, why: 'ENOENT', isStrange: false }])
})

t.test('a missing file and its directory are made by root alone', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'lock', 'file')
  const umask = process.umask(0o777)
  t.teardown(() => process.umask(umask))
  for (const tries of ['first', 'second']) {
    const { locks, leftOut } = openLocks(native, [{ path, isMade: true }])
    for (const lock of locks) lock.release()
    const errnos = leftOut.map(({ why }) => why)
    t.strictSame([locks.length, errnos], isRoot ? [1, []] : [0, ['ENOENT']], tries)
  }
  t.equal(existsSync(path), isRoot)
  if (isRoot) t.equal(statSync(path).mode & 0o777, 0o600)
  const deeper = join(directory, 'no', 'lock', 'file')
  const { leftOut } = openLocks(native, [{ path: deeper, isMade: true }])
  t.strictSame(leftOut, [{ path: deeper, why: 'ENOENT', isStrange: false }], 'one directory')
})

t.test('what somebody else may have put there is left out', async (t) => {
  const directory = t.testdir({
    target: '',
    link: t.fixture('symlink', 'target'),
    dangling: t.fixture('symlink', 'missing'),
    directory: {},
    open: '',
    foreign: '',
  })
  chmodSync(join(directory, 'target'), 0o600)
  chmodSync(join(directory, 'open'), 0o644)
  execFileSync('mkfifo', ['-m', '600', join(directory, 'fifo')])
  // Only root can give a file away.
  if (isRoot) chownSync(join(directory, 'foreign'), 65534, 65534)
  const whys: readonly (readonly [name: string, why: string])[] = [
    ...(isRoot ? [['foreign', 'belongs to user 65534'] as const] : []),
    ['link', 'is a symbolic link'],
    ['dangling', 'is a symbolic link'],
    ['directory', 'is a directory'],
    ['fifo', 'is a FIFO or a socket'],
    ['open', 'can be opened by anybody'],
  ]
  for (const [name, why] of whys) {
    const path = join(directory, name)
    const { locks, leftOut } = openLocks(native, [{ path, isMade: true }])
    t.strictSame([locks, leftOut], [[], [{ path, why, isStrange: true }]], name)
    t.equal(descriptorsOf(path), 0, 'and closed')
  }
  t.notOk(existsSync(join(directory, 'missing')), 'the target of a link is not made')
})

t.test('a file of another user is left out, whoever this is', async (t) => {
  const path = ownFile(t)
  const { fstatSync } = standIn(t, {
    fstatSync: (...words: Parameters<typeof fstatSync>) =>
      Object.assign(fstatSync(...words), { uid: 65533 }),
  })
  const { locks, leftOut } = openLocks(native, files(path))
  t.strictSame([locks, leftOut], [[], [{ path, why: 'belongs to user 65533', isStrange: true }]])
})

t.test('a fault of the program is no reason to go on', async (t) => {
  t.throws(() => openLocks(native, files(undefined as unknown as string)), TypeError)
})
