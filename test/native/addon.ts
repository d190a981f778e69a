import {
  closeSync,
  constants as fileFlags,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

interface Mempolicy {
  readonly mode: number
  readonly nodes: readonly number[]
}

interface Addon {
  flock(fd: number, operation: number): void
  setLease(fd: number, kind: number): void
  getLease(fd: number): number
  rename(directory: number, from: string, to: string): void
  setMempolicy(mode: number, nodes: readonly number[]): void
  getMempolicy(): Mempolicy
}

/** Another build of it (memory.ts), or the usual one. */
const addonPath = process.env.HUGEPOOL_TEST_ADDON ?? '../../native/build/Release/hugepool.node'
const addon: Addon = createRequire(import.meta.url)(addonPath)

// include/uapi/asm-generic/fcntl.h
const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4
const LOCK_UN = 8
const F_RDLCK = 0
const F_WRLCK = 1
const F_UNLCK = 2

// include/uapi/linux/mempolicy.h
const MPOL_DEFAULT = 0
const MPOL_PREFERRED = 1
const MPOL_BIND = 2
const MPOL_INTERLEAVE = 3
const MPOL_F_STATIC_NODES = 1 << 15

const { O_RDONLY, O_NONBLOCK } = fileFlags

const NO_FD = 2 ** 31 - 1

const caught = (call: () => unknown): NodeJS.ErrnoException => {
  try {
    call()
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
  throw new Error('nothing was thrown')
}

// For arguments that the types forbid.
const untyped = (name: keyof Addon, ...args: unknown[]): unknown =>
  Reflect.apply(addon[name], undefined, args)

t.test('exports', async (t) => {
  const mempolicy = ['getMempolicy', 'setMempolicy']
  const credentials = ['actAs', 'groupsOf']
  const leases = ['getLease', 'setLease']
  const mounts = ['fsconfig', 'fsmount', 'fsopen', 'mount', 'moveMount', 'umount']
  const mappings = ['attachSegment', 'canPopulate', 'map', 'memfd']
  const all = [
    'atSegment',
    'eachMountNamespace',
    'endWithParent',
    'flock',
    'ipcFile',
    'kcmp',
    'linkDescriptor',
    'lookIntoMounts',
    'removeSegment',
    'seek',
    'setTimes',
    'rename',
    'statAsKnown',
    ...credentials,
    ...leases,
    ...mempolicy,
    ...mounts,
    ...mappings,
  ]
  t.strictSame(Object.keys(addon).sort(), all.sort())
})

t.test('flock', async (t) => {
  const path = join(t.testdir({ lock: '' }), 'lock')
  const busy = {
    code: 'EAGAIN',
    errno: -constants.errno.EWOULDBLOCK,
    syscall: 'flock',
    message: 'EAGAIN: resource temporarily unavailable, flock',
  }

  t.test('an exclusive lock keeps others out until its descriptor is closed', async (t) => {
    const first = openSync(path, 'r')
    const second = openSync(path, 'r')
    t.equal(addon.flock(first, LOCK_EX | LOCK_NB), undefined)
    t.throws(() => addon.flock(second, LOCK_EX | LOCK_NB), busy)
    t.throws(() => addon.flock(second, LOCK_SH | LOCK_NB), busy)
    closeSync(first)
    t.doesNotThrow(() => addon.flock(second, LOCK_EX | LOCK_NB))
    closeSync(second)
  })

  t.test('shared locks stand side by side, and unlocking makes room', async (t) => {
    const first = openSync(path, 'r')
    const second = openSync(path, 'r')
    addon.flock(first, LOCK_SH | LOCK_NB)
    t.doesNotThrow(() => addon.flock(second, LOCK_SH | LOCK_NB))
    t.throws(() => addon.flock(second, LOCK_EX | LOCK_NB), busy)
    addon.flock(first, LOCK_UN)
    t.doesNotThrow(() => addon.flock(second, LOCK_EX | LOCK_NB))
    closeSync(first)
    closeSync(second)
  })

  t.test('errors have the form of those of node:fs', async (t) => {
    const ours = caught(() => addon.flock(NO_FD, LOCK_EX))
    const theirs = caught(() => fstatSync(NO_FD))
    t.ok(ours instanceof Error)
    t.strictSame(Object.entries(ours), [
      ['errno', -constants.errno.EBADF],
      ['code', 'EBADF'],
      ['syscall', 'flock'],
    ])
    t.strictSame({ ...ours, syscall: 'fstat' }, { ...theirs })
    t.equal(ours.message, 'EBADF: bad file descriptor, flock')
    t.equal(ours.message, theirs.message.replace('fstat', 'flock'))
    t.match(
      caught(() => addon.flock(-1, LOCK_EX)),
      { code: /^EBADF$/ },
    )
  })

  t.test('an unknown operation is EINVAL', async (t) => {
    const fd = openSync(path, 'r')
    t.throws(() => addon.flock(fd, 64), { code: 'EINVAL', syscall: 'flock' })
    closeSync(fd)
  })
})

t.test('leases', async (t) => {
  const path = join(t.testdir({ file: 'data' }), 'file')
  const busy = {
    code: 'EAGAIN',
    errno: -constants.errno.EAGAIN,
    syscall: 'fcntl',
    message: 'EAGAIN: resource temporarily unavailable, fcntl',
  }

  t.test('one is had where nobody else has the file open', async (t) => {
    const fd = openSync(path, 'r')
    t.equal(addon.getLease(fd), F_UNLCK)
    t.equal(addon.setLease(fd, F_WRLCK), undefined)
    t.equal(addon.getLease(fd), F_WRLCK)
    addon.setLease(fd, F_UNLCK)
    t.equal(addon.getLease(fd), F_UNLCK, 'it is given back')
    const second = openSync(path, 'r')
    t.throws(() => addon.setLease(fd, F_WRLCK), busy)
    t.equal(addon.setLease(fd, F_RDLCK), undefined, 'who reads is no obstacle to reading')
    closeSync(second)
    closeSync(fd)
  })

  t.test('who opens the file meanwhile is seen and does not end this process', async (t) => {
    const fd = openSync(path, 'r')
    addon.setLease(fd, F_WRLCK)
    t.throws(() => openSync(path, O_RDONLY | O_NONBLOCK), { code: 'EAGAIN' })
    t.equal(addon.getLease(fd), F_RDLCK, 'the kind that is left to whom somebody waits for')
    closeSync(fd)
    t.doesNotThrow(() => closeSync(openSync(path, O_RDONLY | O_NONBLOCK)), 'closing ends it')
  })

  t.test('what has none', async (t) => {
    t.throws(() => addon.setLease(NO_FD, F_WRLCK), { code: 'EBADF', syscall: 'fcntl(F_SETSIG)' })
    t.throws(() => addon.getLease(NO_FD), { code: 'EBADF', syscall: 'fcntl' })
    const proc = openSync('/proc/self/status', 'r')
    t.throws(() => addon.setLease(proc, 99), { code: 'EINVAL', syscall: 'fcntl' })
    closeSync(proc)
  })
})

t.test('rename', async (t) => {
  const top = t.testdir({ a: 'of a', b: 'of b', 'größe-日本': 'others' })
  const fd = openSync(top, 'r')
  t.teardown(() => closeSync(fd))
  const there = () => readdirSync(top).sort()

  t.test('a name that is free', async (t) => {
    t.equal(addon.rename(fd, 'a', '.hugepool-1-a'), undefined)
    t.strictSame(there(), ['.hugepool-1-a', 'b', 'größe-日本'])
    addon.rename(fd, '.hugepool-1-a', 'a')
    addon.rename(fd, 'größe-日本', '日本')
    t.strictSame(there(), ['a', 'b', '日本'])
    t.equal(readFileSync(join(top, 'a'), 'utf8'), 'of a')
  })

  t.test('another file is never replaced', async (t) => {
    t.throws(() => addon.rename(fd, 'a', 'b'), { code: 'EEXIST', syscall: 'renameat2', path: 'a' })
    t.equal(readFileSync(join(top, 'b'), 'utf8'), 'of b')
  })

  t.test('what is not there', async (t) => {
    t.throws(() => addon.rename(fd, 'no', 'c'), { code: 'ENOENT', path: 'no' })
    t.throws(() => addon.rename(NO_FD, 'a', 'c'), { code: 'EBADF' })
  })
})

t.test('memory policy', async (t) => {
  const restore = () => addon.setMempolicy(MPOL_DEFAULT, [])
  t.teardown(restore)
  t.afterEach(restore)

  t.test('what is set is read back, and can be put back', async (t) => {
    const policies: Mempolicy[] = [
      { mode: MPOL_BIND, nodes: [0] },
      { mode: MPOL_INTERLEAVE, nodes: [0] },
      { mode: MPOL_PREFERRED, nodes: [0] },
      { mode: MPOL_BIND | MPOL_F_STATIC_NODES, nodes: [0] },
      { mode: MPOL_DEFAULT, nodes: [] },
    ]
    for (const { mode, nodes } of policies) {
      t.equal(addon.setMempolicy(mode, nodes), undefined)
      const read = addon.getMempolicy()
      t.strictSame(read, { mode, nodes })
      restore()
      addon.setMempolicy(read.mode, read.nodes)
      t.strictSame(addon.getMempolicy(), { mode, nodes }, 'put back')
    }
  })

  t.test('a node that is not there is EINVAL and changes nothing', async (t) => {
    addon.setMempolicy(MPOL_BIND, [0])
    for (const node of [1000, 1023]) {
      const error = caught(() => addon.setMempolicy(MPOL_BIND, [node]))
      t.equal(error.message, 'EINVAL: invalid argument, set_mempolicy')
      t.strictSame(Object.entries(error), [
        ['errno', -constants.errno.EINVAL],
        ['code', 'EINVAL'],
        ['syscall', 'set_mempolicy'],
      ])
    }
    t.strictSame(addon.getMempolicy(), { mode: MPOL_BIND, nodes: [0] })
  })

  t.test('a mode and nodes that do not go together are EINVAL', async (t) => {
    const einval = { code: 'EINVAL', syscall: 'set_mempolicy' }
    t.throws(() => addon.setMempolicy(MPOL_DEFAULT, [0]), einval)
    t.throws(() => addon.setMempolicy(MPOL_BIND, []), einval)
    t.throws(() => addon.setMempolicy(99, [0]), einval)
  })

  t.test('default at the end', async (t) => {
    t.strictSame(addon.getMempolicy(), { mode: MPOL_DEFAULT, nodes: [] })
  })
})

t.test('wrong arguments are TypeErrors', async (t) => {
  const wrong = [undefined, null, '0', {}, [], Symbol('0'), 0n, true, 0.5, Number.NaN, 2 ** 32]
  t.throws(() => untyped('flock'), TypeError)
  t.throws(() => untyped('setMempolicy'), TypeError)
  for (const name of ['setLease', 'getLease', 'rename'] as const)
    t.throws(() => untyped(name), TypeError, name)
  for (const value of wrong) {
    const name = typeof value === 'symbol' ? 'symbol' : `${typeof value} ${value}`
    t.throws(() => untyped('flock', value, LOCK_UN), TypeError, `fd: ${name}`)
    t.throws(() => untyped('flock', NO_FD, value), TypeError, `operation: ${name}`)
    t.throws(() => untyped('setMempolicy', value, []), TypeError, `mode: ${name}`)
    t.throws(() => untyped('setLease', value, F_UNLCK), TypeError, `lease of ${name}`)
    t.throws(() => untyped('setLease', NO_FD, value), TypeError, `kind: ${name}`)
    t.throws(() => untyped('getLease', value), TypeError, `lease of ${name}`)
    t.throws(() => untyped('rename', value, 'a', 'b'), TypeError, `directory: ${name}`)
    if (typeof value === 'string') continue
    t.throws(() => untyped('rename', NO_FD, value, 'b'), TypeError, `from: ${name}`)
    t.throws(() => untyped('rename', NO_FD, 'a', value), TypeError, `to: ${name}`)
    t.throws(() => untyped('setMempolicy', MPOL_BIND, [0, value]), TypeError, `node: ${name}`)
  }
  for (const value of [undefined, null, 0, '0', {}, { length: 1, 0: 0 }, new Proxy([0], {})]) {
    t.throws(() => untyped('setMempolicy', MPOL_BIND, value), TypeError, 'nodes: not an array')
  }
  for (const node of [-1, 1024, 2 ** 31 - 1]) {
    t.throws(() => addon.setMempolicy(MPOL_BIND, [node]), TypeError, `node: ${node}`)
  }
  t.strictSame(addon.getMempolicy(), { mode: MPOL_DEFAULT, nodes: [] })
})

t.test('an exception of the caller is handed on', async (t) => {
  const nodes = Object.defineProperty([0], 0, {
    get: () => {
      throw new RangeError('mine')
    },
  })
  t.throws(() => addon.setMempolicy(MPOL_BIND, nodes), { name: 'RangeError', message: 'mine' })
})
