import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nativeFor } from '../../src/kernel/native/native.ts'
import { directoryTree, isLive } from '../../src/kernel/tree.ts'
import { answering } from '../helpers/failing-files.ts'
import { temporary } from '../helpers/run.ts'

t.test('a value is written as echo does, and leaves no tail of the old one', async (t) => {
  const directory = temporary(t)
  const tree = directoryTree(directory)
  writeFileSync(join(directory, 'x'), '1000000\n')
  tree.write('/x', '5')
  t.equal(readFileSync(join(directory, 'x'), 'utf8'), '5\n')
  t.equal(tree.read('/x'), '5\n')
})

t.test('a missing attribute is never created', async (t) => {
  const tree = directoryTree(temporary(t))
  t.throws(() => tree.write('/x', '5'), { code: 'ENOENT' })
  t.throws(() => tree.read('/x'), { code: 'ENOENT' })
  t.throws(() => tree.checkWritable('/x'), { code: 'ENOENT' })
  t.strictSame(tree.list('/'), [])
})

t.test('a file is read to its end, whatever its size is said to be', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'sys'))
  for (const path of ['/x', '/sys/x'])
    for (const length of [0, 1, 4095, 4096, 20_000, 40_000]) {
      const text = 'x'.repeat(length)
      writeFileSync(join(directory, path), text)
      t.equal(directoryTree(directory).read(path), text)
    }
  t.match(directoryTree('/').read('/proc/self/status'), /Mems_allowed_list/)
})

t.test('a FIFO is neither waited for nor taken for an empty file', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'proc'))
  mkdirSync(join(directory, 'sys'))
  const tree = directoryTree(directory)
  for (const path of ['/proc/meminfo', '/sys/x']) execFileSync('mkfifo', [join(directory, path)])
  t.throws(() => tree.read('/proc/meminfo'), { code: 'ENXIO' })
  t.throws(() => tree.write('/proc/meminfo', '1'), { code: 'ENXIO' })
  t.equal(tree.read('/sys/x'), '', 'which is no number')
  t.throws(() => tree.read('/proc'), { code: 'EISDIR' })
})

t.test('a file is read as octets, each of them kept', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'sys'))
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  for (const path of ['/x', '/sys/x']) {
    writeFileSync(join(directory, path), bytes)
    t.strictSame([...Buffer.from(directoryTree(directory).read(path), 'latin1')], [...bytes])
  }
})

t.test('what is opened is closed', async (t) => {
  const directory = temporary(t)
  writeFileSync(join(directory, 'x'), '1')
  const tree = directoryTree(directory)
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  tree.write('/x', '5')
  tree.read('/x')
  tree.list('/')
  t.equal(open(), before)
})

t.test('names in a directory', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'a'))
  writeFileSync(join(directory, 'b'), '')
  chmodSync(join(directory, 'b'), 0o200)
  const tree = directoryTree(directory)
  t.strictSame([...tree.list('/')].sort(), ['a', 'b'])
  t.throws(() => tree.list('/b'), { code: 'ENOTDIR' })
  tree.checkWritable('/b')
})

t.test('a link leads to a file of the same recording, and to none of this machine', async (t) => {
  const root = temporary(t)
  const outside = temporary(t)
  writeFileSync(join(outside, 'x'), 'outside\n')
  const tree = directoryTree(root)
  symlinkSync(outside, join(root, 'out'))
  symlinkSync('../../../../../../etc', join(root, 'up'))
  mkdirSync(join(root, 'sys'))
  symlinkSync(join(outside, 'x'), join(root, 'sys/x'))
  for (const path of ['/out/x', '/sys/x']) {
    t.throws(() => tree.read(path), { code: 'ENOENT' }, path)
    t.throws(() => tree.write(path, '5'), { code: 'ENOENT' })
    t.throws(() => tree.checkWritable(path), { code: 'ENOENT' })
  }
  t.throws(() => tree.list('/out'), { code: 'ENOENT' })
  t.throws(() => tree.read('/up/passwd'), { code: 'ENOENT' })
  mkdirSync(join(root, outside), { recursive: true })
  writeFileSync(join(root, outside, 'x'), 'inside\n')
  for (const path of ['/out/x', '/sys/x']) {
    t.equal(tree.read(path), 'inside\n')
    tree.checkWritable(path)
    tree.write(path, 'inside')
  }
  t.strictSame(tree.list('/out'), ['x'])
  t.equal(readFileSync(join(outside, 'x'), 'utf8'), 'outside\n')
})

t.test('a link to the sysfs of this machine makes a recording no running kernel', async (t) => {
  const root = temporary(t)
  symlinkSync('/sys', join(root, 'sys'))
  t.notOk(isLive(directoryTree(root)))
  symlinkSync('/', join(root, 'here'))
  t.equal(isLive(directoryTree(join(root, 'here'))), isLive(directoryTree('/')))
})

t.test('a recorded machine is not the running kernel, and no native call reaches it', async (t) => {
  const tree = directoryTree(temporary(t))
  t.notOk(isLive(tree))
  const native = nativeFor(tree, () => {
    throw new Error('the addon was loaded')
  })
  t.throws(() => native(), { code: 'E_UNSUPPORTED', message: /is not the running kernel/ })
})

t.test('a launcher that knows what the addon lacks says it', async (t) => {
  const failing = (hint: object) =>
    nativeFor(directoryTree('/'), () => {
      throw Object.assign(new Error('it cannot be loaded'), hint)
    })
  const error = { code: 'E_UNSUPPORTED', message: 'the native addon cannot be loaded' }
  t.throws(failing({ hint: 'make place' }), { ...error, hint: 'make place' })
  t.throws(failing({}), { ...error, hint: /^'npm rebuild -g/ })
  t.throws(failing({ hint: 'make place', code: 'EMFILE' }), { code: 'E_KERNEL' })
})

t.test('an addon that lacks a descriptor is not one that is missing', async (t) => {
  const tree = directoryTree('/')
  const failing = (message: string) =>
    nativeFor(tree, () => {
      throw new Error(message)
    })
  t.throws(failing('hugepool.node: cannot open shared object file: Too many open files'), {
    code: 'E_KERNEL',
    message: 'the native addon: too many files are open (EMFILE)',
  })
  t.throws(failing('hugepool.node: failed to map segment: Cannot allocate memory'), {
    code: 'E_KERNEL',
    message: 'the native addon: the kernel has no memory for it (ENOMEM)',
  })
  t.throws(failing('cannot open shared object file: Too many open files in system'), {
    message: 'the native addon: too many files are open on this machine (ENFILE)',
  })
  t.throws(failing('Cannot find module'), { code: 'E_UNSUPPORTED' })
})

t.test('the /proc of this machine alone makes the running kernel as well', async (t) => {
  answering(t, /\/sys$/, 'ENOENT', ['statfsSync'])
  const root = temporary(t)
  symlinkSync('/', join(root, 'here'))
  t.ok(isLive(directoryTree(join(root, 'here'))))
})
