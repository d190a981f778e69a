import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../../src/kernel/native/native.ts'
import {
  type AsideFile,
  giveBack,
  openLocked,
  removeAside,
  renameBack,
  setAside,
} from '../../../../src/kernel/processes/files/set-aside.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { type Errno, systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

const keyOf = (path: string): string => {
  const { dev, ino } = lstatSync(path, { bigint: true })
  return `${hexDevice(dev)}:${ino}`
}

const failing = (errno: Errno) => (): never => {
  throw systemError(errno, 'flock')
}

const isClosed = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor)
    return false
  } catch {
    return true
  }
}

/** A directory with one file, opened, and calls that find nobody else there. */
const scene = (t: Test, calls: Partial<Native> = {}) => {
  const top = temporary(t)
  fill(top, { texts: { a: 'data' } })
  const directory = openSync(top, constants.O_RDONLY)
  t.teardown(() => closeSync(directory))
  const operations: number[] = []
  const native = nativeWith({
    flock: (_, operation) => {
      operations.push(operation)
    },
    rename: (at, from, to) => {
      if (existsSync(join(top, to))) throw systemError('EEXIST', 'renameat2')
      renameSync(`/proc/self/fd/${at}/${from}`, `/proc/self/fd/${at}/${to}`)
    },
    ...calls,
  })
  const path = join(top, 'a')
  const key = keyOf(path)
  const names = () => readdirSync(top).sort()
  const set = (): AsideFile => {
    const aside = setAside(native, directory, 'a', key)
    if (typeof aside === 'string') throw new Error(aside)
    return aside
  }
  const open = () => readdirSync('/proc/self/fd').length
  const aside = `.hugepool-${lstatSync(path).ino}-a`
  return { top, path, directory, native, operations, key, names, set, open, aside }
}

t.test('a directory that is opened and locked', async (t) => {
  const { top, native, operations, key, open } = scene(t)
  const before = open()
  const descriptor = Number(openLocked(native, top, key))
  t.equal(fstatSync(descriptor).ino, lstatSync(top).ino)
  t.strictSame(operations, [6], 'LOCK_EX and LOCK_NB')
  closeSync(descriptor)
  const only = openSync(top, constants.O_RDONLY)
  const again = Number(openLocked(native, `/proc/${process.pid}/fd/${only}`, key))
  t.equal(fstatSync(again).ino, lstatSync(top).ino, 'one that only a descriptor leads to')
  closeSync(again)
  closeSync(only)
  operations.length = 1
  const link = join(temporary(t), 'link')
  symlinkSync(top, link)
  t.not(typeof openLocked(native, link, key), 'number', 'no other link is followed')
  t.not(typeof openLocked(native, top, 'ff:ff:1'), 'number', 'another file system is there')
  t.equal(operations.length, 1)
  t.not(typeof openLocked(nativeWith({ flock: failing('EAGAIN') }), top, key), 'number')
  t.throws(() => openLocked(nativeWith({ flock: failing('EINVAL') }), top, key), { code: 'EINVAL' })
  t.equal(open(), before)
})

t.test('a file is locked and renamed', async (t) => {
  const { operations, key, names, set, aside } = scene(t)
  const file = set()
  t.strictSame({ ...file, descriptor: 0 }, { key, name: 'a', aside, descriptor: 0 })
  t.strictSame(names(), [aside])
  t.strictSame(operations, [6])
  t.equal(readFileSync(file.descriptor, 'utf8'), 'data')
  closeSync(file.descriptor)
})

/** What comes of a try to set a file aside, with the descriptors that stay open. */
const tried = (t: Test, change: (path: string) => void, calls: Partial<Native> = {}) => {
  const { path, directory, native, key, names, open, aside } = scene(t, calls)
  change(path)
  const before = open()
  const answer = setAside(native, directory, 'a', key)
  const left = names().map((name) => (name === aside ? 'aside' : name))
  return { answer, left, opened: open() - before }
}

t.test('a file that cannot be set aside stays as it is', async (t) => {
  const nothing = () => {}
  const stays = (answer: string, ...left: readonly string[]) => ({ answer, left, opened: 0 })
  t.strictSame(tried(t, nothing, { flock: failing('EAGAIN') }), stays('used', 'a'))
  t.strictSame(tried(t, nothing, { rename: failing('EACCES') }), stays('no-permission', 'a'))
  t.strictSame(tried(t, nothing, { rename: failing('EPERM') }), stays('no-permission', 'a'))
  t.strictSame(tried(t, nothing, { rename: failing('EEXIST') }), stays('changed', 'a'))
  t.strictSame(tried(t, unlinkSync), stays('changed'))
  const linked = tried(t, (path) => linkSync(path, `${path}2`))
  t.strictSame(linked, stays('changed', 'a', 'a2'))
  const replaced = tried(t, (path) => {
    renameSync(path, `${path}2`)
    writeFileSync(path, 'other')
  })
  t.strictSame(replaced, stays('changed', 'a', 'a2'))
  const link = tried(t, (path) => {
    renameSync(path, `${path}2`)
    symlinkSync('a2', path)
  })
  t.strictSame(link, stays('changed', 'a', 'a2'))
})

t.test('a name that is too long', async (t) => {
  const { directory, native, key } = scene(t)
  t.equal(setAside(native, directory, 'x'.repeat(250), key), 'long-name')
})

t.test('a lack of descriptors, and a fault, are thrown', async (t) => {
  for (const error of [systemError('EMFILE', 'renameat2'), new TypeError('a fault')]) {
    const { directory, native, key } = scene(t, {
      rename: () => {
        throw error
      },
    })
    t.throws(() => setAside(native, directory, 'a', key), error)
  }
  const { directory, native, key, open } = scene(t, { flock: failing('EINVAL') })
  const before = open()
  t.throws(() => setAside(native, directory, 'a', key), { code: 'EINVAL' })
  t.equal(open(), before)
})

t.test('another file that was put in its place gets its name back', async (t) => {
  let first = true
  const { top, directory, native, key, names, open } = scene(t, {
    rename: (at, from, to) => {
      if (first) {
        renameSync(join(top, 'a'), join(top, 'mine'))
        writeFileSync(join(top, 'a'), 'theirs')
      }
      first = false
      renameSync(`/proc/self/fd/${at}/${from}`, `/proc/self/fd/${at}/${to}`)
    },
  })
  const before = open()
  t.equal(setAside(native, directory, 'a', key), 'changed')
  t.strictSame(names(), ['a', 'mine'])
  t.equal(readFileSync(join(top, 'a'), 'utf8'), 'theirs')
  t.equal(open(), before)
})

t.test('a file gets its name back', async (t) => {
  const { native, directory, names, set } = scene(t)
  const file = set()
  giveBack(native, directory, file)
  t.strictSame(names(), ['a'])
  t.ok(isClosed(file.descriptor))
})

t.test('a name that another file has meanwhile', async (t) => {
  const { native, directory, path, names, set, aside } = scene(t)
  const file = set()
  writeFileSync(path, 'theirs')
  giveBack(native, directory, file)
  t.strictSame(names(), [aside, 'a'])
  t.ok(isClosed(file.descriptor))
})

t.test('a file that was left under another name', async (t) => {
  const { native, directory, path, key, names, set, aside } = scene(t)
  closeSync(set().descriptor)
  const other = { key: 'ff:ff:1', aside, name: 'a' }
  t.equal(renameBack(native, directory, other), false, 'it is another file by now')
  t.equal(renameBack(native, directory, { ...other, key, aside: 'none' }), false)
  writeFileSync(path, 'theirs')
  t.equal(renameBack(native, directory, { ...other, key }), false)
  t.strictSame(names(), [aside, 'a'])
  unlinkSync(path)
  t.equal(renameBack(native, directory, { ...other, key }), true)
  t.strictSame(names(), ['a'])
})

t.test('a file that was set aside is removed', async (t) => {
  const { directory, names, set } = scene(t)
  const file = set()
  t.equal(removeAside(directory, file), undefined)
  t.strictSame(names(), [])
  t.ok(isClosed(file.descriptor))
})

t.test('that close(2) fails takes nothing back', async (t) => {
  const { directory, names, native, set } = scene(t)
  const kept = set()
  closeSync(kept.descriptor)
  t.equal(giveBack(native, directory, kept), undefined)
  t.strictSame(names(), ['a'])
  const removed = set()
  closeSync(removed.descriptor)
  t.equal(removeAside(directory, removed), undefined)
  t.strictSame(names(), [])
})

t.test('one that has moved is not removed', async (t) => {
  const { top, directory, names, set, aside } = scene(t)
  const file = set()
  renameSync(join(top, aside), join(top, 'mine'))
  t.equal(removeAside(directory, file), 'changed')
  writeFileSync(join(top, aside), 'theirs')
  t.equal(removeAside(directory, file), 'changed')
  t.strictSame(names(), [aside, 'mine'])
  t.notOk(isClosed(file.descriptor), 'it is closed when it gets its name back')
  closeSync(file.descriptor)
})

t.test('what may not be opened', async (t) => {
  const close = () => answering(t, /\/a$/, 'EACCES', ['openSync'])
  t.equal(tried(t, close).answer, 'no-permission')
})

t.test('what may not be removed', async (t) => {
  const { directory, set } = scene(t)
  const file = set()
  answering(t, /\/fd\//, 'EACCES', ['unlinkSync'])
  t.equal(removeAside(directory, file), 'no-permission')
  closeSync(file.descriptor)
})
