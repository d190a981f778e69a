import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { stopSignals } from '../../src/errors.ts'
import { installed, type SpawnOptions, spawnProgram, temporary, treeCopy } from '../helpers/run.ts'

// Whatever surrounds the program, it says and does what it does in a clean surrounding.

t.setTimeout(300_000)

const program = installed()
const isRoot = process.getuid?.() === 0
const nobody = 65534

/** The program that is one file does not obey NODE_OPTIONS (test/dist/one-file.ts). */
const isOneFile = process.env.HUGEPOOL_TEST_PROGRAM !== undefined
const sysroot = treeCopy(t, 'two-nodes')
const attribute = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages'
const overcommit = join(sysroot, attribute)
const made = join(sysroot, 'etc/hugepool.d')
const before = readFileSync(overcommit, 'utf8')

mkdirSync(dirname(made))

/** The reading command, and one that writes a pool file, makes a directory and a file in it. */
const reading = ['list', '-N', '--sysroot', sysroot]
const changing = ['overcommit', '2M=6', '--persist', '--sysroot', sysroot]

/** Every file and directory of the machine, with its mode and text. */
const machine = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(sysroot, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const file = join(sysroot, name)
        const stat = statSync(file)
        const text = stat.isFile() ? readFileSync(file, 'latin1') : ''
        return [name, `${stat.mode.toString(8)} ${text}`]
      }),
  )

const putBack = (): void => {
  writeFileSync(overcommit, before)
  rmSync(made, { recursive: true, force: true })
}

interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly machine: Readonly<Record<string, string>>
}

/** Runs a command line, tells what it said and what the machine is then, and puts that back. */
const outcome = (words: readonly string[], options: SpawnOptions = {}): Outcome => {
  const { status, stdout, stderr } = spawnProgram(program, words, options)
  const left = machine()
  putBack()
  return { status, stdout, stderr, machine: left }
}

/** The options of a line of shell around the program; its `"$@"` is the program with its words. */
const within = (line: string, ...words: readonly string[]): SpawnOptions => ({
  under: ['/bin/bash', '--norc', '-c', line, ...(words.length > 0 ? words : ['bash'])],
})

const limited = (limit: string): SpawnOptions => ({ under: ['prlimit', `--${limit}`] })
const untouched = machine()
const clean = { reading: outcome(reading), changing: outcome(changing) }

t.test('the clean surrounding', async (t) => {
  t.hasStrict(clean.reading, { status: 0, stderr: '', machine: untouched })
  t.match(clean.reading.stdout, /^SIZE +NODE +TOTAL/)
  t.equal(clean.changing.status, 0)
  t.match(clean.changing.stdout, /^2M +all +\d+ +6 +6 +0 +done$/m)
  const { machine } = clean.changing
  t.match(machine['etc/hugepool.d'], /^40755 $/)
  t.match(machine['etc/hugepool.d/50-hugepool.toml'], /^100644 [\s\S]*overcommit = 6\n$/)
  t.match(machine[attribute], /^\d+ 6\n?$/)
})

const variables: readonly Readonly<Record<string, string>>[] = [
  { PATH: '' },
  { PATH: '/nowhere:.:' },
  { PATH: 'x'.repeat(5000) },
  { NODE_PATH: '/nowhere' },
  { TMPDIR: '/nowhere' },
  { TMPDIR: '/proc' },
  { TMPDIR: '' },
  { HOME: '/nowhere' },
  { HOME: '/root', XDG_CONFIG_HOME: '/root', XDG_RUNTIME_DIR: '/root' },
  { LANG: 'nonsense', LANGUAGE: 'x:y' },
  { LC_ALL: '../../../tmp' },
  { LC_ALL: 'zh_CN.GB18030', LC_NUMERIC: 'de_DE', LC_MESSAGES: 'ja' },
  ...['0', '1', '-5', '1e9', 'abc', '99999999999999999999'].map((COLUMNS) => ({ COLUMNS })),
  { LINES: '-1', COLUMNS: '' },
  { TERM: '' },
  { TERM: 'dumb' },
  { TERM: '../../nonsense', TERMINFO: '/nowhere' },
  { TZ: '/nowhere', POSIXLY_CORRECT: '1', IFS: '/', ENV: '/nowhere', BASH_ENV: '/nowhere' },
  { DEBUG: '*', FORCE_COLOR: '3', CI: '1' },
  { UV_THREADPOOL_SIZE: '0', NODE_NO_WARNINGS: '0', NODE_PENDING_DEPRECATION: '1' },
  { LISTEN_FDS: '99', LISTEN_PID: '1', NOTIFY_SOCKET: '/nowhere', SUDO_UID: 'x', PWD: '/nowhere' },
]

/** What stands around the program, by what it is called. */
const surroundings: Readonly<Record<string, SpawnOptions>> = {
  ...Object.fromEntries(
    variables.map((environment) => [JSON.stringify(environment).slice(0, 80), { environment }]),
  ),
  'no variable at all': { under: ['env', '-i'] },
  'a current directory that is gone': within(
    'd=$(mktemp -d) && cd "$d" && rmdir "$d" && exec "$@"',
  ),
  'a closed standard input': within('exec "$@" <&-'),
  'a standard input that is a directory': within('exec "$@" </'),
  'a standard input without end': within('exec "$@" </dev/zero'),
  'an umask of 0': within('umask 0; exec "$@"'),
  'an umask of 0777': within('umask 0777; exec "$@"'),
  ...Object.fromEntries(
    ['PIPE', 'INT', 'TERM', 'HUP', 'CHLD', 'USR1', 'XFSZ'].flatMap((signal) =>
      ['ignore', 'block'].map((how) => [
        `SIG${signal} (${how})`,
        { under: ['env', `--${how}-signal=${signal}`] },
      ]),
    ),
  ),
  'all signals blocked': { under: ['env', '--block-signal'] },
  nohup: { under: ['nohup'] },
  ...Object.fromEntries(
    // A pipe is no file: RLIMIT_FSIZE does not concern it, and the files of /etc have its own test.
    ['memlock=1', 'core=1', 'cpu=1', 'sigpending=1', 'msgqueue=1', 'locks=1', 'rss=1'].map(
      (limit) => [limit, limited(limit)],
    ),
  ),
  'a stack of 1M': limited('stack=1048576'),
  'hundreds of descriptors': within(
    'for i in {3..400}; do eval "exec $i</dev/null"; done; exec "$@"',
  ),
}

for (const [name, options] of Object.entries(surroundings))
  t.test(name, async (t) => {
    t.strictSame(outcome(reading, options), clean.reading, 'reading')
    t.strictSame(outcome(changing, options), clean.changing, 'changing')
  })

t.test('closed standard streams: what is opened then gets nothing of the output', async (t) => {
  for (const closed of ['0', '1', '2', '01', '02', '12', '012']) {
    const line = `exec "$@" ${[...closed].map((each) => `${each}>&-`).join(' ')}`
    for (const [words, { status, stdout, stderr, machine }] of [
      [reading, clean.reading],
      [changing, clean.changing],
    ] as const)
      t.strictSame(
        outcome(words, within(line)),
        {
          status,
          stdout: closed.includes('1') ? '' : stdout,
          stderr: closed.includes('2') ? '' : stderr,
          machine,
        },
        `${words[0]} without ${closed}`,
      )
  }
})

t.test('inherited descriptors that can be written to get nothing', async (t) => {
  const file = join(temporary(t), 'file')
  const line = 'for i in {3..100}; do eval "exec $i>>$0"; done; exec "$@"'
  t.strictSame(outcome(changing, within(line, file)), clean.changing)
  t.equal(readFileSync(file, 'utf8'), '')
})

t.test('a reader that is gone, whether SIGPIPE is ignored or not', async (t) => {
  const { stderr, machine } = clean.changing
  for (const trap of ["trap '' PIPE", 'trap - PIPE']) {
    const line = `${trap}; { "$@"; echo "status $?" >&2; } | true`
    t.hasStrict(outcome(reading, within(line)), { stderr: 'status 0\n' }, trap)
    t.hasStrict(
      outcome(changing, within(line)),
      { stderr: `${stderr}status 0\n`, machine },
      `${trap}, changing`,
    )
  }
})

t.test('files of one octet: the error is said, and nothing half written stays', async (t) => {
  const why = "the file would be too large (EFBIG)\nhint: 'ulimit -f' is the limit of this shell\n"
  const file = join(temporary(t), 'file')
  const toFile = outcome(reading, within('exec prlimit --fsize=1 "$@" >"$0"', file))
  t.hasStrict(toFile, { status: 1, stdout: '', stderr: `hugepool: standard output: ${why}` })
  t.strictSame(outcome(changing, limited('fsize=1')), {
    status: 1,
    stdout: '',
    stderr: `hugepool: /${attribute}: ${why}`,
    machine: untouched,
  })
  const { machine: left, ...told } = outcome(changing, limited('fsize=16'))
  const path = '/etc/hugepool.d/50-hugepool.toml'
  t.strictSame(told, {
    status: 64,
    stdout: clean.changing.stdout,
    stderr: `hugepool: the pools are changed, and ${path} is as it was\nhugepool: ${path}: ${why}`,
  })
  t.strictSame(left, { ...untouched, [attribute]: clean.changing.machine[attribute] })
})

// What Node itself needs, it needs before there is a program: hugepool(8) says so.
t.test('where Node ends before the program begins, nothing is said and nothing done', async (t) => {
  const asNobody: SpawnOptions = {
    under: ['setpriv', `--reuid=${nobody}`, '--clear-groups', 'prlimit', '--nproc=1'],
  }
  for (const options of [
    ...['nofile=1', 'as=1', 'as=100000000', 'data=1', 'stack=1'].map(limited),
    ...(isOneFile ? [] : ['--nonsense', '--require=/nowhere']).map((NODE_OPTIONS) => ({
      environment: { NODE_OPTIONS },
    })),
    ...(isRoot ? [asNobody] : []),
  ])
    for (const words of [reading, changing]) {
      const { status, stdout, stderr, machine: left } = outcome(words, options)
      const name = JSON.stringify(options)
      t.notOk([0, 64, 70].includes(status ?? 1), name)
      t.strictSame({ stdout, left }, { stdout: '', left: untouched }, name)
      t.notMatch(stderr, /^hugepool:/m, name)
    }
})

t.test('what the loader of the system and Node say is no word of hugepool', async (t) => {
  // Node 22 and newer read certificates where they are first needed, and say nothing before.
  const ofNode = [
    ['NODE_EXTRA_CA_CERTS', '/nowhere', /extra certs|^$/],
    ['NODE_DEBUG', 'module', /MODULE/],
  ] as const
  for (const [name, value, says] of [
    ['LD_PRELOAD', '/nowhere', /LD_PRELOAD/] as const,
    ...(isOneFile ? [] : ofNode),
  ]) {
    const { stderr, ...told } = outcome(reading, { environment: { [name]: value } })
    t.strictSame({ ...told, stderr: '' }, clean.reading, name)
    t.match(stderr, says, name)
    t.notMatch(stderr, /^hugepool:/m, name)
  }
})

t.test('a signal that was ignored stops the program all the same', async (t) => {
  for (const signal of stopSignals) {
    const line = `trap '' ${signal.slice(3)}
      { "$@" & echo $! >"$0"; wait $!; echo "status $?" >&2; } |
        { read line; kill -s ${signal.slice(3)} "$(cat "$0")"; cat >/dev/null; }`
    const { stderr } = outcome(
      ['watch', '--raw', '--sysroot', sysroot],
      within(line, join(temporary(t), 'pid')),
    )
    t.match(stderr, new RegExp(`status ${128 + constants.signals[signal]}\n$`), signal)
  }
})

t.test('programs of the machine are not those of PATH', async (t) => {
  const directory = temporary(t)
  const marker = join(directory, 'marker')
  for (const name of ['man', 'mandoc', 'groff', 'nroff', 'sh', 'systemctl', 'env', 'node']) {
    writeFileSync(join(directory, name), `#!/bin/sh\necho ${name} >>${marker}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  writeFileSync(marker, '')
  for (const words of [
    ['man', 'list'],
    ['doctor', '2M=1', '--unit', 'hugepool-none.service'],
    ['service'],
  ]) {
    const environment = { PATH: directory, MANPATH: directory, MANPAGER: 'sh', PAGER: 'sh' }
    const [hostile, usual] = [outcome(words, { environment }), outcome(words)]
    t.strictSame(hostile, usual, words.join(' '))
  }
  t.equal(readFileSync(marker, 'utf8'), '', 'none was started')
})
