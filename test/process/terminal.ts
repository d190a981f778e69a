import { spawnSync } from 'node:child_process'
import t from 'tap'
import { installed, spawnProgram, treePath } from '../helpers/run.ts'

const program = installed()
const list = ['list', '--per-node', '--sysroot', treePath('gaps')]

/** Runs a program with a terminal of so many columns for its output, and hands on what it said. */
const onTerminal = (columns: number) => `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 5, ${columns}, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
said = b''
while True:
    try:
        block = os.read(terminal, 65536)
    except OSError:
        break
    if not block:
        break
    said += block
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

// What PATH finds may be a script that looks for the program anew at each start.
const python = spawnSync('python3', ['-c', 'import pty, sys; print(sys.executable)'])
if (python.status !== 0) throw new Error('python3 is missing: install the package python3')

const spawnOnTerminal = (
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = { TERM: 'xterm' },
  columns = 20,
) => {
  const { status, stdout } = spawnProgram(program, argv, {
    environment: { ...environment, PATH: process.env.PATH ?? '' },
    under: [python.stdout.toString().trim(), '-c', onTerminal(columns)],
  })
  return { status, said: stdout.replaceAll('\r\n', '\n') }
}

const esc = '\u001b'
const colour = new RegExp(`${esc}\\[\\d+m`, 'g')
const withoutColour = (text: string): string => text.replaceAll(colour, '')

t.test('a terminal of 20 columns gets whole lines, as a pipe does', async (t) => {
  const { status, said } = spawnOnTerminal(list)
  t.equal(status, 0)
  t.equal(withoutColour(said), spawnProgram(program, list).stdout)
  t.equal(withoutColour(spawnOnTerminal(['--help']).said), spawnProgram(program, ['--help']).stdout)
})

t.test('help is the same, and fits in 80 columns, however wide the terminal is', async (t) => {
  for (const words of [['--help'], ['test', '--help']]) {
    const { stdout } = spawnProgram(program, words)
    t.strictSame(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    )
    for (const columns of [80, 200])
      t.equal(
        spawnOnTerminal(words, { TERM: 'xterm', COLUMNS: `${columns}` }, columns).said,
        stdout,
      )
  }
})

/** The longest line in characters, and what the locale draws. */
const barsOn = (columns: number, locale: string, words = list) => {
  const environment = { TERM: 'xterm', LC_ALL: locale }
  const lines = withoutColour(spawnOnTerminal(words, environment, columns).said).split('\n')
  return {
    has: lines[0]?.endsWith('  USE') ?? false,
    longest: Math.max(...lines.map((line) => [...line].length)),
    ascii: lines.every((line) => /^[ -~]*$/.test(line)),
  }
}

t.test('a terminal of 100 columns has bars, in the characters of its locale', async (t) => {
  t.strictSame(barsOn(100, 'C.UTF-8'), { has: true, longest: 100, ascii: false })
  t.strictSame(barsOn(100, 'C'), { has: true, longest: 100, ascii: true })
  t.strictSame(barsOn(120, 'C'), { has: true, longest: 120, ascii: true })
  const { longest, ...narrow } = barsOn(99, 'C.UTF-8')
  t.strictSame(narrow, { has: false, ascii: true })
  t.strictSame(barsOn(0, 'C.UTF-8'), { ...narrow, longest }, 'a width that nobody set')
})

t.test('a pipe has none, whatever COLUMNS says', async (t) => {
  const environment = { COLUMNS: '200', LC_ALL: 'C.UTF-8' }
  t.equal(spawnProgram(program, list, { environment }).stdout, spawnProgram(program, list).stdout)
})

t.test('there is colour on a terminal', async (t) => {
  t.ok(spawnOnTerminal(list).said.startsWith('\u001b[1mSIZE\u001b[22m'))
  t.ok(
    spawnOnTerminal(['list', '2X']).said.startsWith(
      `${esc}[1m${esc}[31mhugepool:${esc}[39m${esc}[22m '2X'`,
    ),
  )
})

t.test('NO_COLOR, a dumb terminal and --color=never switch it off', async (t) => {
  const plain = spawnProgram(program, list).stdout
  t.equal(spawnOnTerminal(list, { TERM: 'xterm', NO_COLOR: '1' }).said, plain)
  t.equal(spawnOnTerminal(list, { TERM: 'dumb' }).said, plain)
  t.equal(spawnOnTerminal([...list, '--color=never']).said, plain)
  for (const words of [
    ['list', '2X', '--color=never'],
    ['--color', 'never', 'list', '2X'],
  ])
    t.notMatch(spawnOnTerminal(words).said, '\u001b', words.join(' '))
})

t.test('NO_COLOR that is empty means nothing', async (t) => {
  t.match(spawnOnTerminal(list, { TERM: 'xterm', NO_COLOR: '' }).said, '\u001b[1m')
})

t.test('an error on a terminal has its exit status', async (t) => {
  t.equal(spawnOnTerminal(['list', '64K', '--sysroot', treePath('gaps')]).status, 4)
})
