import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installed, spawnProgram, temporary, treePath } from '../helpers/run.ts'

const program = installed()
const esc = '\u001b'
const colour = new RegExp(`${esc}\\[\\d+m`, 'g')
const list = ['list', '--per-node', '--sysroot', treePath('gaps')]
const plain = spawnProgram(program, list)

t.equal(plain.status, 0)
t.match(plain.stdout, /^SIZE +NODE +TOTAL/)

t.test('nothing depends on HOME, the locale or the time zone', async (t) => {
  for (const environment of [
    { HOME: '/nonexistent' },
    { HOME: '' },
    { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', LANGUAGE: 'tr' },
    { LC_ALL: 'C' },
    { LC_ALL: 'de_DE.UTF-8' },
    { LC_ALL: 'nonsense', TZ: 'Nowhere/Land' },
    { COLUMNS: '20', LINES: '1' },
    { NO_COLOR: '1', FORCE_COLOR: '1', CLICOLOR_FORCE: '1' },
    { YARGS_MIN_NODE_VERSION: '99' },
    { TERM: '', PATH: '' },
  ]) {
    const { status, stdout, stderr } = spawnProgram(program, list, { environment })
    t.strictSame(
      { status, stdout, stderr },
      { status: 0, stdout: plain.stdout, stderr: '' },
      JSON.stringify(environment),
    )
  }
})

t.test('words are read in the Turkish locale as in any', async (t) => {
  const environment = { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }
  const words = [
    'list',
    '-rno',
    'size,in-use',
    '2mib',
    'DEFAULT',
    '1gi',
    '--sysroot',
    treePath('gaps'),
  ]
  t.hasStrict(spawnProgram(program, words, { environment }), { status: 0, stdout: '2M 68\n1G 1\n' })
  const dry = [
    'resize',
    '2mib=+1GIB',
    '--leave',
    '64mi',
    '--dry-run',
    '--sysroot',
    treePath('gaps'),
  ]
  t.hasStrict(spawnProgram(program, dry, { environment }), {
    status: 0,
    stdout: 'echo 1664 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\n',
  })
})

t.test('colour is for terminals, unless it is asked for', async (t) => {
  const always = spawnProgram(program, [...list, '--color=always'])
  t.ok(always.stdout.startsWith('\u001b[1mSIZE\u001b[22m'), always.stdout.slice(0, 40))
  t.equal(always.stdout.replaceAll(colour, ''), plain.stdout, 'the same text')
  t.equal(spawnProgram(program, [...list, '--color=never']).stdout, plain.stdout)
  t.equal(
    spawnProgram(program, [...list, '--json', '--color=always']).stdout.includes('\u001b'),
    false,
  )
})

t.test('an error asked for in colour is painted, one in a pipe is not', async (t) => {
  const { stderr } = spawnProgram(program, ['list', '2X', '--color=always'])
  t.ok(stderr.startsWith(`${esc}[1m${esc}[31mhugepool:${esc}[39m${esc}[22m '2X'`), stderr)
  t.match(spawnProgram(program, ['list', '2X']).stderr, /^hugepool: '2X'/)
})

t.test('control characters that were typed are shown and not obeyed', async (t) => {
  const { status, stderr } = spawnProgram(program, ['list', '\u001b[2J\u0007\n'])
  t.equal(status, 2)
  t.match(stderr, "hugepool: '\\033[2J\\007\\012' is not a page size\n")
})

t.test('bytes that are no UTF-8', async (t) => {
  const under = ['/bin/sh', '-c', 'exec "$@" "$(printf "\\377\\376")"', 'sh']
  const { status, stderr } = spawnProgram(program, ['list'], { under })
  t.equal(status, 2)
  t.match(stderr, /is not a page size\n/)
})

t.test('no variable changes help', async (t) => {
  const help = spawnProgram(program, ['list', '--help']).stdout
  for (const name of ['YARGS_DISABLE_WRAP', 'YARGS_MIN_NODE_VERSION', '_', 'SHELL'])
    for (const value of ['99', '/bin/fish', program]) {
      const { stdout } = spawnProgram(program, ['list', '--help'], {
        environment: { [name]: value },
      })
      t.equal(stdout, help, `${name}=${value}`)
    }
})

t.test('another system is told so, and nothing is loaded', async (t) => {
  const preload = join(temporary(t), 'elsewhere.cjs')
  writeFileSync(preload, "Object.defineProperty(process, 'platform', { value: 'darwin' })\n")
  const environment = { NODE_OPTIONS: `--require ${preload}` }
  const { status, stdout, stderr } = spawnProgram(program, ['list'], { environment })
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 4,
      stdout: '',
      stderr: 'hugepool: runs on Linux only: HugeTLB pools are a feature of its kernel\n',
    },
  )
})
