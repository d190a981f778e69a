import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { shareWord } from '../../src/kernel/mapping/sharing/share-word.ts'
import { isEmulated, untraceable } from '../helpers/emulated.ts'
import { run, spawnProgram, temporary, treePath } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')

// Of the program that is one file: what is inside it is all that it needs. test/dist/run.sh names it.

const oneFile = process.env.HUGEPOOL_TEST_PROGRAM ?? ''
const nobody = 65534
const isRoot = process.getuid?.() === 0

t.setTimeout(600_000)

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
  for (const page of JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).man) {
    const name = page.replace(/^.*\/|\.gz$/g, '')
    const { status, stdout, stderr } = spawnProgram(oneFile, ['man', name])
    t.strictSame({ status, stderr }, { status: 0, stderr: '' }, name)
    const [heading = '', ...lines] = stdout.split('\n')
    t.match(heading, name.replace(/\.(\d)$/, '($1)').toUpperCase())
    t.notOk([heading, ...lines].some((line) => line.length > 80 || /[^ -~]/.test(line)), name)
    t.equal(lines.includes('NAME'), true, name)
  }
})

t.test('the licences of all that is inside are, too', async (t) => {
  const { status, stdout, stderr } = spawnProgram(oneFile, ['man', 'licences'])
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
  for (const file of ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt'])
    t.ok(stdout.includes(readFileSync(join(top, file), 'utf8').trim()), file)
  for (const name of ['Node.js', 'OpenSSL', 'ICU', 'V8', 'libuv', 'zlib'])
    t.match(stdout, new RegExp(`^(?:- )?${name}\\b.* licensed`, 'm'), name)
})

t.test('the addon comes from memory: no file is made', { skip: untraceable }, async (t) => {
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

t.test('no signal opens a port for debuggers', { skip: untraceable }, (t) => {
  const under = ['strace', '-f', '-qq', '-e', 'trace=rt_sigaction']
  const { status, stderr } = spawnProgram(oneFile, ['--version'], { under })
  t.equal(status, 0)
  t.match(stderr, 'rt_sigaction(SIGPIPE, {sa_handler=', 'the signals are seen')
  t.notMatch(stderr, /rt_sigaction\(SIGUSR1, \{/)
  t.end()
})

t.test('what Node takes from the environment changes nothing', async (t) => {
  const directory = temporary(t)
  const preload = join(directory, 'preload.cjs')
  writeFileSync(preload, "process.stdout.write('preloaded')")
  for (const environment of [
    { NODE_OPTIONS: `--require ${preload}` },
    { NODE_OPTIONS: '--nonsense' },
    { NODE_OPTIONS: '--cpu-prof --report-on-fatalerror --inspect=0' },
    { NODE_PATH: directory, NODE_PENDING_DEPRECATION: '1', NODE_NO_WARNINGS: '0' },
    { NODE_EXTRA_CA_CERTS: '/nowhere', OPENSSL_CONF: '/nowhere', NODE_ICU_DATA: '/nowhere' },
    { NODE_DEBUG: 'fs,module', NODE_USE_ENV_PROXY: '1', NODE_REDIRECT_WARNINGS: preload },
  ]) {
    const { status, stdout, stderr } = spawnProgram(oneFile, ['--version'], { environment })
    t.strictSame({ status, stderr }, { status: 0, stderr: '' }, JSON.stringify(environment))
    t.match(stdout, /^hugepool \d+\.\d+\.\d+\n$/)
  }
})

/** A copy of the program, in which octets are replaced by as many others. */
const changed = (t: Test, from: string, to: string): string => {
  const octets = readFileSync(oneFile)
  const at = octets.indexOf(from)
  t.ok(at > 0, `${from} is inside`)
  octets.write(to, at, 'latin1')
  const file = join(temporary(t), 'hugepool')
  writeFileSync(file, octets, { mode: 0o755 })
  return file
}

t.test('a fault names the lines of the sources', async (t) => {
  const damaged = changed(t, '"dist/who-', '"dist/xxx-')
  const { status, stdout, stderr } = spawnProgram(damaged, ['who'])
  t.strictSame({ status, stdout }, { status: 70, stdout: '' })
  t.match(stderr, /^hugepool: a fault of hugepool: dist\/who-\w+\.js: not inside\n/)
  const [, place, line] = /^ {4}at (src\/cli\/[\w/-]+\.ts):(\d+):\d+$/m.exec(stderr) ?? []
  t.ok(place, stderr)
  const source = readFileSync(join(top, place ?? ''), 'utf8').split('\n')
  t.match(source[Number(line) - 1], /import\(/)
})

/** What strace(1) has the kernel answer to each memfd_create(2). */
const withoutMemfd = (error: string) => [
  ...['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=memfd_create'],
  ...['-e', `inject=memfd_create:error=${error}`],
]

/** Runs it where /dev/shm, /run and /tmp are mounted in a way, and the rest cannot be written. */
const withMounts = (t: Test, how: string, error: string, ...words: readonly string[]) => {
  const program = join(temporary(t), 'hugepool')
  copyFileSync(oneFile, program)
  const line = `for each in /dev/shm /run; do mount -t tmpfs -o ${how} none $each || exit 99; done
    mount --bind "$1" /mnt && mount -t tmpfs -o ${how} none /tmp && mount --bind / / &&
    mount -o remount,bind,ro / && shift && exec "$@"`
  const under = withoutMemfd(error)
  const shell = ['-m', '--propagation', 'private', 'sh', '-c', line, 'sh', dirname(program)]
  const command = [...shell, ...under, '/mnt/hugepool', ...words]
  const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}

const nowhere = `hugepool: the native addon cannot be loaded
hint: it takes a kernel that has memfd_create(2), or /dev/shm, /run, /tmp or / where files can be made and executed
`

const withoutMemory = 'without memfd_create(2) the addon comes from a directory, under no name'
t.test(withoutMemory, { skip: untraceable }, async (t) => {
  for (const error of ['ENOSYS', 'EACCES', 'EPERM']) {
    const { status, stdout, stderr } = spawnProgram(oneFile, [shareWord], {
      under: withoutMemfd(error),
    })
    t.strictSame({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' }, error)
  }
})

const options = { skip: !isRoot && 'only root has a root directory of its own' }
const alone = isEmulated ? { skip: 'an emulator needs more than it' } : options
t.test('a read-only root with no more than it and its libraries', alone, async (t) => {
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

t.test('nowhere can a file be that is executed', { skip: untraceable || options.skip }, async (t) => {
  for (const how of ['ro', 'noexec', 'size=4k']) {
    const test = withMounts(t, how, 'ENOSYS', 'test', 'default=1')
    t.strictSame(test, { status: 4, stdout: '', stderr: nowhere }, how)
    const list = withMounts(t, how, 'ENOSYS', 'list', '--noheadings')
    t.strictSame({ ...list, stdout: '' }, { status: 0, stdout: '', stderr: '' }, how)
    t.match(list.stdout, /^\d+[KMG] /, how)
  }
})

t.test('vm.memfd_noexec may be 1 or 2', options, async (t) => {
  for (const value of ['1', '2']) {
    const line = 'echo "$1" >/proc/sys/vm/memfd_noexec && shift && exec "$@"'
    const shell = ['-p', '-f', '--mount-proc', 'sh', '-c', line, 'sh', value, oneFile, shareWord]
    const { status, stdout, stderr } = spawnSync('unshare', shell, { encoding: 'utf8', input: '' })
    t.strictSame({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' }, value)
  }
})

/** What comes of a command line under each limit of open files: each outcome once, in their order. */
const outcomes = (isWork: (status: number | null) => boolean, ...words: readonly string[]) => {
  const refusal = /^hugepool: [^\n]*: too many files are open \(EMFILE\)\n/
  const each = Array.from({ length: 37 }, (_, index) => {
    const shell = ['-c', 'ulimit -n "$1" && shift && exec "$@"', 'sh', `${index + 3}`, oneFile]
    const { status, stderr } = spawnSync('sh', [...shell, ...words], { encoding: 'utf8', input: '' })
    return isWork(status) ? 'works' : refusal.test(stderr) ? 'refused' : 'Node cannot start'
  })
  return each.filter((outcome, index) => outcome !== each[index - 1])
}

t.test('with few open files it works, or says so where Node could start', async (t) => {
  const all = ['Node cannot start', 'refused', 'works']
  t.strictSame(
    outcomes((status) => status === 0, 'list'),
    all,
  )
  // The count is refused after the addon was loaded.
  t.strictSame(
    outcomes((status) => status === 2, 'test', 'default=0'),
    all,
  )
})
