import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import { filesBelow, installed, run, spawnLine, temporary, treeCopy } from '../helpers/run.ts'

t.setTimeout(120_000)
const program = installed()
const tree = treeCopy(t, 'two-nodes')
const before = filesBelow(tree)
const directory = temporary(t)
const at = (name: string) => join(directory, name)
const most = 128 * 1024

/** As many of a text as fit into the largest file that is read. */
const filled = (text: string, around = 40): string =>
  text.repeat(Math.floor((most - around) / text.length))
const numbered = (textOf: (index: number) => string): string => {
  let text = ''
  for (let index = 0; text.length + textOf(index).length < most; index += 1) text += textOf(index)
  return text
}

const utf16 = Buffer.from('\ufeffversion = 1\n', 'utf16le')
const texts: Readonly<Record<string, string | Buffer>> = {
  large: 'a = 1\n'.repeat(900_000),
  nul: 'version = 1\n\0',
  'little-utf16': utf16,
  'big-utf16': Buffer.from(utf16).swap16(),
  bom: '\ufeffversion = 1\n',
  latin1: Buffer.from('# \xe4\n', 'latin1'),
  lists: `a = ${filled('[')}`,
  tables: `a = ${filled('{a=')}`,
  names: `${filled('a.')}a = 1`,
  headings: `[${filled('a.')}a]`,
  keys: numbered((index) => `k${index} = 1\n`),
  pools: numbered((index) => `[pools.${index}M]\nx = 1\n`),
  mounts: numbered((index) => `[mounts."/a${index}"]\n`),
  digits: `[pools.2M]\npages = ${filled('9')}\n`,
  counts: `[pools.2M]\npages = "${filled('0:1,')}0:1"\n`,
  flags: `[mounts."/a"]\npage-size = "2M"\noptions = "${filled('x,')}"\n`,
  path: `[mounts."/${filled('a/')}"]\npage-size = "2M"\n`,
  blanks: `${filled(' ')}x`,
  controls: Buffer.from(Array.from({ length: most }, (_, index) => (index * 7919) % 256)),
}

for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text)
writeFileSync(at('closed'), 'version = 1\n')
chmodSync(at('closed'), 0o000)
mkdirSync(at('directory'))
execFileSync('mkfifo', [at('fifo')])
symlinkSync('circle', at('circle'))
symlinkSync('nowhere', at('dangling'))
symlinkSync('fifo', at('link'))

const listen = `require('node:net').createServer().listen(${JSON.stringify(at('socket'))})`
const listener = spawn(process.execPath, ['-e', listen], { stdio: 'ignore' })
listener.unref()
t.teardown(() => listener.kill())

/** The seconds that children took of the processors, from the second line that `times` of sh prints. */
const secondsIn = (line: string): number => {
  const [user = '', system = ''] = line.split(' ')
  const seconds = (text: string) => {
    const [, minutes = Number.NaN, rest = Number.NaN] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
    return 60 * Number(minutes) + Number(rest)
  }
  return seconds(user) + seconds(system)
}

const timedLine = (line: string) =>
  `${line.replace('"$@"', 'timeout 30 "$@"')}; status=$?; times >&2; exit $status`

const timed = (words: readonly string[], line = '"$@"', uid?: number) => {
  const whole = timedLine(line)
  const { status, stderr } = spawnLine(whole, program, words, { ...(uid !== undefined && { uid }) })
  const lines = stderr.trimEnd().split('\n')
  return { status, said: lines.slice(0, -2).join('\n'), seconds: secondsIn(lines.at(-1) ?? '') }
}

/**
 * A second, on a machine where a start of the program takes an eighth of it. The time of the processors
 * is looked at, because others may keep them busy.
 */
const second = 8 * Math.max(...[1, 2, 3].map(() => timed(['--version']).seconds), 0.125)

/** Runs a command that is to be refused, and gives its exit status and words; who waits for something is ended. */
const refusal = (t: Test, command: readonly string[], line?: string, uid?: number) => {
  const { status, said, seconds } = timed([...command, '--sysroot', tree], line, uid)
  t.ok(seconds < second, `${line} ${command.join(' ')}: ${seconds} s of ${second}`)
  t.match(said, /^hugepool: [^\n]+(?:\n|$)/, command.join(' '))
  t.ok(said.length < 2000, `${command.join(' ')}: ${said.length} characters of words`)
  return { status, said }
}

const commands = [['apply'], ['check', '--syntax']]

/** Kinds that are slow to read in one way or another; the program meets these, and itself reads the others. */
const slow = ['large', 'lists', 'names', 'mounts', 'path']

t.test('text of every kind is refused within a second', async (t) => {
  for (const file of slow.map(at)) {
    const { status, said } = refusal(t, ['apply', '--config', file])
    t.equal(status, 2, `${file}: ${said}`)
  }
  // The first run of this process loads the modules, which is not what is measured.
  await run(['apply', '--config', at('bom')], { tree: directoryTree(tree) })
  for (const file of Object.keys(texts).map(at)) {
    const start = process.cpuUsage()
    const { status, stderr } = await run(['apply', '--config', file], { tree: directoryTree(tree) })
    const { user, system } = process.cpuUsage(start)
    t.ok(user + system < second * 1e6, `${file}: ${user + system} microseconds`)
    t.match(stderr, /^hugepool: [^\n]+\n/, file)
    t.equal(status, 2, `${file}: ${stderr}`)
  }
})

t.test('what is no file is refused within a second', async (t) => {
  const others = ['directory', 'fifo', 'circle', 'dangling', 'link', 'nothing'].map(at)
  for (const file of [...others, '/dev/zero', '/proc/kmsg', '/dev/tty']) {
    const { status, said } = refusal(t, ['apply', '--config', file])
    // Only root may open it, which comes before what it is.
    const isClosed = file === '/proc/kmsg' && process.getuid?.() !== 0
    t.equal(status, isClosed ? 3 : 2, `apply ${file}: ${said}`)
  }
  for (const file of [at('directory'), at('fifo'), '/dev/zero']) {
    const { status, said } = refusal(t, ['check', '--syntax', '--config', file])
    t.equal(status, 2, `check ${file}: ${said}`)
  }
})

t.test('a socket', async (t) => {
  while (!existsSync(at('socket'))) await new Promise((resolve) => setTimeout(resolve, 10))
  for (const command of commands)
    t.strictSame(refusal(t, [...command, '--config', at('socket')]), {
      status: 2,
      said: `hugepool: ${at('socket')}: is no regular file`,
    })
})

t.test('a file that may not be read', async (t) => {
  const uid = process.getuid?.() === 0 ? 65534 : undefined
  for (const command of commands)
    t.strictSame(refusal(t, [...command, '--config', at('closed')], '"$@"', uid), {
      status: 3,
      said: `hugepool: ${at('closed')}: permission denied`,
    })
})

t.test('standard input without an end, and what is no text', async (t) => {
  const large = 'is larger than 128K, as no configuration is'
  const inputs = {
    'yes | "$@"': large,
    '"$@" < /dev/zero': large,
    '"$@" < /dev/urandom': large,
    '"$@" < /': 'is a directory',
  }
  for (const [line, words] of Object.entries(inputs))
    for (const command of commands) {
      const { status, said } = refusal(t, [...command, '--config', '-'], line)
      t.strictSame([status, said], [2, `hugepool: standard input: ${words}`], line)
    }
})

t.test('nothing of the machine was touched', async (t) => {
  t.strictSame(filesBelow(tree), before)
})
