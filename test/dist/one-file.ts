import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { shareWord } from '../../src/kernel/mapping/sharing/share-word.ts'
import { run, spawnProgram, temporary, treePath } from '../helpers/run.ts'

// Of the program that is one file: what is inside it is all that it needs. test/dist/run.sh names it.

const oneFile = process.env.HUGEPOOL_TEST_PROGRAM ?? ''
const nobody = 65534
const isRoot = process.getuid?.() === 0

/** The libraries that the loader of the system takes for a file. */
const librariesOf = (file: string): readonly string[] =>
  spawnSync('ldd', [file], { encoding: 'utf8' })
    .stdout.split('\n')
    .flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? [])

/** A root directory that has the program and its libraries, and places for /proc and /sys. */
const bareRoot = (t: Test): string => {
  const root = temporary(t)
  for (const file of librariesOf(oneFile)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    copyFileSync(file, join(root, file))
  }
  copyFileSync(oneFile, join(root, 'hugepool'))
  chmodSync(join(root, 'hugepool'), 0o755)
  for (const name of ['proc', 'sys']) mkdirSync(join(root, name))
  return root
}

/** Runs it in that directory, which is read-only and has neither /tmp nor /dev. */
const inRoot = (root: string, uid: number, ...words: readonly string[]) => {
  const line = `mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount -t sysfs sys "$1/sys" &&
    mount -o remount,bind,ro "$1" && root=$1 && shift &&
    exec chroot --userspec=${uid}:${uid} "$root" /hugepool "$@"`
  const shell = ['-m', '--propagation', 'private', 'sh', '-c', line, 'sh', root, ...words]
  const { status, stdout, stderr } = spawnSync('unshare', shell, { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}

t.test('it lists what the program of the sources lists', async (t) => {
  for (const words of [['list'], ['list', '-N'], ['list', '--json'], ['resize', '2M=4', '--dry-run']]) {
    const all = [...words, '--sysroot', treePath('two-nodes')]
    const { status, stdout, stderr } = spawnProgram(oneFile, all)
    t.strictSame({ status, stdout, stderr }, await run(words, { tree: 'two-nodes' }), words.join(' '))
  }
})

t.test('every manual page is inside as text', async (t) => {
  for (const page of JSON.parse(readFileSync('package.json', 'utf8')).man) {
    const name = page.replace(/^.*\/|\.gz$/g, '')
    const { status, stdout, stderr } = spawnProgram(oneFile, ['man', name])
    t.strictSame({ status, stderr }, { status: 0, stderr: '' }, name)
    const [heading = '', ...lines] = stdout.split('\n')
    t.match(heading, name.replace(/\.(\d)$/, '($1)').toUpperCase())
    t.notOk([heading, ...lines].some((line) => line.length > 80 || /[^ -~]/.test(line)), name)
    t.equal(lines.includes('NAME'), true, name)
  }
})

t.test('the addon comes from memory: no file is made', async (t) => {
  const under = ['strace', '-f', '-qq', '-e', 'trace=memfd_create,openat,open,creat']
  const { status, stdout, stderr } = spawnProgram(oneFile, [shareWord], { under })
  t.strictSame({ status, stdout }, { status: 0, stdout: '' })
  t.match(stderr, /memfd_create\("hugepool\.node", MFD_CLOEXEC\) = \d+/)
  t.match(stderr, /openat\(AT_FDCWD, "\/proc\/self\/fd\/\d+", O_RDONLY\|O_CLOEXEC\) = \d+/)
  t.strictSame(
    stderr.split('\n').filter((line) => /O_CREAT|O_TMPFILE|creat\(/.test(line)),
    [],
  )
})

const options = isRoot ? {} : { skip: 'only root has a root directory of its own' }
t.test('a read-only root with no more than it and its libraries', options, async (t) => {
  const root = bareRoot(t)
  for (const uid of [0, nobody]) {
    const list = inRoot(root, uid, 'list', '--raw')
    t.strictSame({ ...list, stdout: '' }, { status: 0, stdout: '', stderr: '' }, `list as ${uid}`)
    t.match(list.stdout, /^SIZE TOTAL FREE /)
    t.match(inRoot(root, uid, 'man', 'list').stdout, /^HUGEPOOL-LIST\(8\) /)
    const { stdout } = await run(['completion', 'bash'], { tree: 'two-nodes' })
    t.equal(inRoot(root, uid, 'completion', 'bash').stdout, stdout)
    t.strictSame(inRoot(root, uid, shareWord), { status: 0, stdout: '', stderr: '' }, 'the addon')
  }
})
