import { spawnSync } from 'node:child_process'
import { closeSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import { installed } from '../helpers/run.ts'

const addonPath = 'native/build/Release/hugepool.node'
/** Another build of it (memory.ts), or the usual one. */
const addon: Native = createRequire(import.meta.url)(
  process.env.HUGEPOOL_TEST_ADDON ?? `../../${addonPath}`,
)

type Call = 'fsopen' | 'fsconfig' | 'fsmount' | 'moveMount' | 'mount' | 'umount'

const NO_FD = 2 ** 31 - 1
const SET_STRING = 1
const nowhere = '/nonexistent/hugepool'
const isRoot = process.getuid?.() === 0

const caught = (call: () => unknown): NodeJS.ErrnoException => {
  try {
    call()
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
  throw new Error('nothing was thrown')
}

// For arguments that the types forbid.
const untyped = (name: Call, ...args: readonly unknown[]): unknown =>
  Reflect.apply(addon[name], undefined, args)

/** Arguments that are right, though the call fails. */
const right: Readonly<Record<Call, readonly unknown[]>> = {
  fsopen: ['hugepool-is-no-file-system'],
  fsconfig: [NO_FD, SET_STRING, 'size', '2M'],
  fsmount: [NO_FD, 0],
  moveMount: [NO_FD, nowhere],
  mount: ['none', nowhere, 'hugetlbfs', 0, ''],
  umount: [nowhere, 0],
}
const names = Object.keys(right) as Call[]

const notNumbers = [undefined, null, '0', {}, [], Symbol('0'), 0n, true, 0.5, Number.NaN, 2 ** 32]
const notStrings = [
  undefined,
  null,
  0,
  0n,
  true,
  {},
  [],
  Symbol('x'),
  new String('x'),
  'a\0b',
  '\0',
]

t.test('wrong arguments are TypeErrors', async (t) => {
  for (const name of names) {
    t.throws(() => untyped(name), TypeError, `${name}()`)
    for (const [index, good] of right[name].entries()) {
      const wrong = typeof good === 'number' ? notNumbers : notStrings
      for (const value of wrong) {
        // fsconfig leaves out a key and a value that are undefined.
        if (name === 'fsconfig' && index > 1 && value === undefined) continue
        const words = right[name].with(index, value)
        const title = `${name} ${index}: ${typeof value} ${String(value).replace('\0', '\\0')}`
        t.throws(() => untyped(name, ...words), TypeError, title)
      }
    }
  }
})

t.test('a TypeError names the call', async (t) => {
  for (const name of names) t.equal(caught(() => untyped(name)).message.split(':')[0], name)
})

t.test('flags of mount are not negative', async (t) => {
  t.throws(() => addon.mount('none', nowhere, 'hugetlbfs', -1, ''), TypeError)
})

t.test('errors have the form of those of node:fs, with the path where there is one', async (t) => {
  for (const [name, syscall, words] of [
    ['mount', 'mount', right.mount],
    ['umount', 'umount2', right.umount],
  ] as const) {
    const error = caught(() => untyped(name, ...words))
    t.strictSame(Object.entries(error), [
      ['errno', -constants.errno.ENOENT],
      ['code', 'ENOENT'],
      ['syscall', syscall],
      ['path', nowhere],
    ])
    t.equal(error.message, `ENOENT: no such file or directory, ${syscall} '${nowhere}'`)
  }
  const error = caught(() => untyped('fsconfig', ...right.fsconfig))
  t.strictSame(Object.entries(error), [
    ['errno', -constants.errno.EBADF],
    ['code', 'EBADF'],
    ['syscall', 'fsconfig'],
  ])
  t.equal(error.message, 'EBADF: bad file descriptor, fsconfig')
})

t.test('a descriptor that is none', async (t) => {
  const moved = caught(() => addon.moveMount(NO_FD, nowhere))
  t.match(moved, { syscall: /^move_mount$/, path: nowhere })
  for (const fd of [-1, NO_FD]) {
    t.match(
      caught(() => addon.fsconfig(fd, SET_STRING, 'a', 'b')),
      { code: fd < 0 ? /^EINVAL$/ : /^EBADF$/ },
    )
    const code = isRoot ? 'EBADF' : 'EPERM'
    t.match(
      caught(() => addon.fsmount(fd, 0)),
      { code, syscall: /^fsmount$/ },
    )
  }
})

t.test('long words come through whole', async (t) => {
  const long = `/${'d'.repeat(200)}`.repeat(15)
  t.match(
    caught(() => addon.umount(`${nowhere}${long}`, 0)),
    { path: `${nowhere}${long}`, code: /^ENOENT$/ },
  )
  const tooLong = '/d'.repeat(3000)
  t.match(
    caught(() => addon.umount(tooLong, 0)),
    { path: tooLong, code: /^ENAMETOOLONG$/ },
  )
})

t.test('paths are UTF-8', async (t) => {
  t.match(
    caught(() => addon.umount('/nonexistent/größe 🙂', 0)),
    { path: /^\/nonexistent\/größe 🙂$/ },
  )
})

t.test('a context tells what it rejects', { skip: !isRoot && 'needs root' }, async (t) => {
  const context = addon.fsopen('hugetlbfs')
  addon.fsconfig(context, SET_STRING, 'source', 'none')
  const error = caught(() => addon.fsconfig(context, SET_STRING, 'bogus', 'x'))
  t.match(error, { code: /^EINVAL$/, syscall: /^fsconfig$/ })
  const buffer = Buffer.alloc(200)
  const text = buffer.toString('utf8', 0, readSync(context, buffer))
  t.match(text, /^e hugetlbfs: Unknown parameter 'bogus'/)
  closeSync(context)
})

t.test('without privilege every call is EPERM or ends before it', async (t) => {
  const program = installed()
  const script = `
    const addon = require(process.argv[1])
    for (const [name, words] of JSON.parse(process.argv[2]))
      try { addon[name](...words) } catch ({ code, syscall }) { console.log(code, syscall) }`
  const calls = [
    ['fsopen', ['hugetlbfs']],
    ['fsmount', [0, 0]],
    ['moveMount', [0, '/']],
    ['mount', ['none', '/', 'hugetlbfs', 0, '']],
    ['umount', ['/', 0]],
  ]
  const path = join(dirname(program), '..', addonPath)
  // tap gives its own loader to whatever is spawned, which writes where only its owner may.
  const { stdout, stderr } = spawnSync(
    'env',
    ['-i', process.execPath, '-e', script, path, JSON.stringify(calls)],
    { encoding: 'utf8', cwd: '/', ...(isRoot && { uid: 65534, gid: 65534 }) },
  )
  t.equal(stderr, '')
  t.strictSame(stdout.trim().split('\n'), [
    'EPERM fsopen',
    'EPERM fsmount',
    'EPERM move_mount',
    'EPERM mount',
    'EPERM umount2',
  ])
})
