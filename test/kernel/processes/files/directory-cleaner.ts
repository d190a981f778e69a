import {
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../../src/kernel/native/native.ts'
import {
  type CleanerCalls,
  removeFiles,
} from '../../../../src/kernel/processes/files/directory-cleaner.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import type { HugeFile } from '../../../../src/model/processes/files/huge-file.ts'
import { inodeIn } from '../../../../src/model/processes/who/page-hold.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'

/** A directory whose files others use in some way: by their names, or by the directory's name. */
interface Scene {
  readonly flocked?: readonly string[]
  readonly opened?: readonly string[]
  /** Those who come for a lease while we have it. */
  readonly waited?: readonly string[]
  /** Whether the file system has leases, as before 7.0. */
  readonly leases?: boolean
  /** What a second look at all processes finds, where it is asked. */
  readonly seen?: readonly string[]
  readonly stopAt?: string
  /** Called before a rename. */
  readonly atRename?: (from: string, to: string) => void
  /** Whether the second look could see every process. */
  readonly isBlind?: boolean
}

const inodeOf = (path: string): bigint => lstatSync(path, { bigint: true }).ino

const keyOf = (path: string): string => {
  const { dev, ino } = lstatSync(path, { bigint: true })
  return `${hexDevice(dev)}:${ino}`
}

const onScene = (
  t: Test,
  names: readonly string[],
  scene: Scene,
): {
  readonly top: string
  readonly files: readonly HugeFile[]
  readonly calls: CleanerCalls
  /** The deeds that were noted, with names for paths. */
  readonly told: readonly string[]
} => {
  const top = t.testdir(Object.fromEntries(names.map((name) => [name, `data of ${name}`])))
  const inodes = new Map(names.map((name) => [inodeOf(join(top, name)), name]))
  inodes.set(inodeOf(top), '.')
  const isIn = (list: readonly string[] | undefined, descriptor: number): boolean =>
    list?.includes(inodes.get(fstatSync(descriptor, { bigint: true }).ino) ?? '?') ?? false
  let stopped = false
  const native: Native = nativeWith({
    flock: (descriptor) => {
      if (isIn(scene.flocked, descriptor)) throw systemError('EAGAIN', 'flock')
    },
    setLease: (descriptor) => {
      if (scene.leases === false) throw systemError('EINVAL', 'fcntl')
      if (isIn(scene.opened, descriptor)) throw systemError('EAGAIN', 'fcntl')
    },
    getLease: (descriptor) => (isIn(scene.waited, descriptor) ? 2 : 1),
    rename: (directory, from, to) => {
      scene.atRename?.(join(top, from), join(top, to))
      const at = `/proc/self/fd/${directory}`
      if (lstatSync(`${at}/${to}`, { throwIfNoEntry: false }))
        throw systemError('EEXIST', 'renameat2')
      renameSync(`${at}/${from}`, `${at}/${to}`)
      if (from === scene.stopAt) stopped = true
    },
  })
  const { dev } = lstatSync(top, { bigint: true })
  const files = names.map((name) =>
    hugeFile({ path: join(top, name), key: keyOf(join(top, name)) }),
  )
  const keys = new Set(
    [...inodes]
      .filter(([, name]) => scene.seen?.includes(name))
      .map(([inode]) => `${hexDevice(dev)}:${inode}`),
  )
  const lookAgain = () => {
    if (scene.leases !== false) t.fail('a lease tells it')
    return scene.isBlind ? undefined : keys
  }
  const told: string[] = []
  const did = (path: string, words: string) => void told.push(words.replaceAll(dirname(path), ''))
  return { top, files, told, calls: { native, lookAgain, isStopped: () => stopped, did } }
}

/** What became of each file, and what is in the directory afterwards. */
const cleaned = (t: Test, names: readonly string[], scene: Scene = {}) => {
  const { top, files, calls } = onScene(t, names, scene)
  const removals = removeFiles(calls, files)
  return {
    outcome: Object.fromEntries(
      removals.map(({ file, left = 'removed' }) => [basename(file.path), left]),
    ),
    there: readdirSync(top),
  }
}

t.test('files that nobody has are removed', async (t) => {
  t.strictSame(cleaned(t, ['a', 'b', 'größe-日本']), {
    outcome: { a: 'removed', b: 'removed', 'größe-日本': 'removed' },
    there: [],
  })
  t.strictSame(removeFiles(onScene(t, [], {}).calls, []), [])
})

t.test('what was done is noted, as a later look may fail', async (t) => {
  const { files, calls, told } = onScene(t, ['a', 'b', 'opened'], { opened: ['opened'] })
  removeFiles(calls, files)
  t.strictSame(told, ['/a removed', '/b removed'])
})

t.test('a file that somebody has keeps its name', async (t) => {
  const names = ['a', 'locked', 'opened', 'waited']
  t.strictSame(cleaned(t, names, { flocked: ['locked'], opened: ['opened'], waited: ['waited'] }), {
    outcome: { locked: 'used', a: 'removed', opened: 'used', waited: 'used' },
    there: ['locked', 'opened', 'waited'],
  })
})

t.test('without leases a second look at the processes decides', async (t) => {
  t.strictSame(cleaned(t, ['a', 'b'], { leases: false, seen: ['b'] }), {
    outcome: { a: 'removed', b: 'used' },
    there: ['b'],
  })
})

t.test('nothing is removed from a directory that somebody has locked', async (t) => {
  t.strictSame(cleaned(t, ['a'], { flocked: ['.'] }), {
    outcome: { a: 'directory-locked' },
    there: ['a'],
  })
  const { files, calls, top } = onScene(t, ['a'], {})
  const elsewhere = files.map((file) => ({ ...file, key: `ff:ff:${inodeIn(file.key)}` }))
  t.strictSame(
    removeFiles(calls, elsewhere).map(({ left }) => left),
    ['changed'],
    'another file system is there by now',
  )
  t.strictSame(readdirSync(top), ['a'])
})

t.test('what is another file by now is left alone', async (t) => {
  const names = ['dir', 'gone', 'link', 'names', 'other']
  const { top, files, calls } = onScene(t, names, {})
  for (const name of names) unlinkSync(join(top, name))
  mkdirSync(join(top, 'dir'))
  symlinkSync('/etc/passwd', join(top, 'link'))
  writeFileSync(join(top, 'other'), '')
  writeFileSync(join(top, 'names'), '')
  linkSync(join(top, 'names'), join(top, 'second'))
  const now = files.map((file) =>
    basename(file.path) === 'names' ? { ...file, key: keyOf(file.path) } : file,
  )
  t.strictSame(
    removeFiles(calls, now).map(({ left }) => left),
    names.map(() => 'changed'),
  )
  t.strictSame(readdirSync(top), ['dir', 'link', 'names', 'other', 'second'])
})

t.test('a file that is replaced between the look and the rename gets its name back', async (t) => {
  const { top, files, calls } = onScene(t, ['a'], {
    atRename: (from) => {
      if (basename(from) !== 'a') return
      renameSync(from, `${from}.theirs`)
      writeFileSync(from, 'new')
    },
  })
  t.strictSame(
    removeFiles(calls, files).map(({ left }) => left),
    ['changed'],
  )
  t.strictSame(readdirSync(top), ['a', 'a.theirs'])
})

t.test('a file whose name is taken meanwhile is told where it is', async (t) => {
  const { top, files, calls } = onScene(t, ['a'], {
    opened: ['a'],
    atRename: (from) => {
      if (basename(from) !== 'a') writeFileSync(join(from, '../a'), 'new')
    },
  })
  const [removal] = removeFiles(calls, files)
  const aside = `.hugepool-${inodeIn(files[0]?.key ?? '')}-a`
  t.hasStrict(removal, { left: 'name-taken', at: join(top, aside) })
  t.strictSame(readdirSync(top), [aside, 'a'])
})

t.test('a file that is moved after it was set aside is not removed by its name', async (t) => {
  let moved = ''
  const { top, files, calls } = onScene(t, ['a'], {})
  const native: Native = {
    ...calls.native,
    getLease: () => {
      const [aside = ''] = readdirSync(top)
      moved = join(top, aside)
      renameSync(moved, join(top, 'mine'))
      writeFileSync(moved, 'theirs')
      return 1
    },
  }
  const [removal] = removeFiles({ ...calls, native }, files)
  t.equal(removal?.left, 'changed')
  t.strictSame(readdirSync(top), ['a', 'mine'], 'what has the name now is not touched but renamed')
})

t.test('a name that is too long to be set aside', async (t) => {
  const name = 'x'.repeat(250)
  t.strictSame(cleaned(t, [name]), { outcome: { [name]: 'long-name' }, there: [name] })
})

t.test('a signal leaves the rest, and what was set aside gets its name back', async (t) => {
  t.strictSame(cleaned(t, ['a', 'b', 'c'], { stopAt: 'b' }), {
    outcome: { c: 'stopped', a: 'stopped', b: 'stopped' },
    there: ['a', 'b', 'c'],
  })
})

t.test('an error of the kernel leaves no file set aside', async (t) => {
  const { top, files, calls } = onScene(t, ['a', 'b'], {})
  const native: Native = {
    ...calls.native,
    setLease: () => {
      throw new Error('out of order')
    },
  }
  t.throws(() => removeFiles({ ...calls, native }, files), /out of order/)
  t.strictSame(readdirSync(top), ['a', 'b'])
})

t.test('after an error too it is noted where a file is whose name is taken', async (t) => {
  const { top, files, calls, told } = onScene(t, ['a'], {
    atRename: (from) => {
      if (basename(from) !== 'a') writeFileSync(join(from, '../a'), 'new')
    },
  })
  const setLease = (): never => {
    throw new Error('out of order')
  }
  t.throws(() => removeFiles({ ...calls, native: { ...calls.native, setLease } }, files))
  const aside = `.hugepool-${inodeIn(files[0]?.key ?? '')}-a`
  t.strictSame(readdirSync(top), [aside, 'a'])
  t.strictSame(told, [`/a is left as ${join(top, aside)}`.replaceAll(top, '')])
})

t.test('many files are removed in groups', async (t) => {
  const names = Array.from({ length: 150 }, (_, at) => `f${at}`)
  let most = 0
  const { top, files, calls } = onScene(t, names, {})
  const before = readdirSync('/proc/self/fd').length
  const native: Native = {
    ...calls.native,
    getLease: () => {
      most = Math.max(most, readdirSync('/proc/self/fd').length - before)
      return 1
    },
  }
  t.ok(removeFiles({ ...calls, native }, files).every(({ left }) => left === undefined))
  t.strictSame(readdirSync(top), [])
  t.ok(most > 60 && most < 70, `${most} descriptors beside those of the test`)
})

t.test('a second look that does not see every process removes nothing', async (t) => {
  t.strictSame(cleaned(t, ['a'], { leases: false, isBlind: true }), {
    outcome: { a: 'unknown' },
    there: ['a'],
  })
})

/** Refuses a rename from or to a name. */
const refusing = (errno: 'EROFS' | 'EPERM' | 'EACCES' | 'ENOENT', pattern: RegExp) => ({
  atRename: (from: string) => {
    if (pattern.test(basename(from))) throw systemError(errno, 'renameat2')
  },
})

t.test('a rename that the kernel refuses', async (t) => {
  for (const [errno, reason] of [
    ['EROFS', 'read-only'],
    ['EPERM', 'no-permission'],
    ['EACCES', 'no-permission'],
    ['ENOENT', 'changed'],
  ] as const)
    t.strictSame(
      cleaned(t, ['a', 'b'], refusing(errno, /^a$/)),
      { outcome: { a: reason, b: 'removed' }, there: ['a'] },
      errno,
    )
})

t.test('a file that cannot get its name back is told where it is', async (t) => {
  const { top, files, calls } = onScene(t, ['a'], {
    opened: ['a'],
    ...refusing('EROFS', /^\.hugepool-/),
  })
  const [removal] = removeFiles(calls, files)
  const aside = `.hugepool-${inodeIn(files[0]?.key ?? '')}-a`
  t.hasStrict(removal, { left: 'name-lost', at: join(top, aside) })
  t.strictSame(readdirSync(top), [aside])
})

t.test('a file system that goes away meanwhile: at the look, and between two steps', async (t) => {
  const { top, files, calls } = onScene(t, ['a', 'b'], {})
  const away = `${top}.away`
  renameSync(top, away)
  t.teardown(() => renameSync(away, top))
  t.strictSame(
    removeFiles(calls, files).map(({ left }) => left),
    ['changed', 'changed'],
  )
  t.strictSame(readdirSync(away), ['a', 'b'])
  writeFileSync(top, 'no directory')
  t.strictSame(
    removeFiles(calls, files).map(({ left }) => left),
    ['changed', 'changed'],
  )
  unlinkSync(top)
})

t.test('files that go one after the other', async (t) => {
  const { top, files, calls } = onScene(t, ['a', 'b'], {
    atRename: (from) => {
      if (basename(from) === 'a') unlinkSync(join(from, '../b'))
    },
  })
  t.strictSame(
    removeFiles(calls, files).map(({ file, left }) => [basename(file.path), left]),
    [
      ['b', 'changed'],
      ['a', undefined],
    ],
  )
  t.strictSame(readdirSync(top), [])
})
