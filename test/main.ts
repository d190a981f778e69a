import t from 'tap'
import { loadAllCommands } from '../src/cli/commands.ts'
import { errorSchema } from '../src/output/schemas/parts.ts'
import { version } from '../src/version.ts'
import { parseExact } from './helpers/json.ts'
import { run, treeOf } from './helpers/run.ts'

const commands = await loadAllCommands()

const tree = 'one-node'

t.test('help for every command, by each of its spellings', async (t) => {
  t.ok(commands.length >= 5)
  for (const { name, aliases, options } of commands) {
    const { stdout, ...rest } = await run([name, '--help'], { tree })
    t.strictSame(rest, { status: 0, stderr: '' }, name)
    t.match(stdout, new RegExp(`^Usage: hugepool ${name} `))
    for (const option of options) t.match(stdout, `--${option.name}`, `${name} --${option.name}`)
    t.notMatch(stdout, /undefined| $/m)
    for (const words of [[name, '-h'], ['help', name], ...aliases.map((alias) => [alias, '-h'])])
      t.equal((await run(words, { tree })).stdout, stdout, words.join(' '))
  }
})

t.test('help for hugepool', async (t) => {
  const { stdout, ...rest } = await run(['--help'], { tree })
  t.strictSame(rest, { status: 0, stderr: '' })
  for (const { name } of commands) t.match(stdout, new RegExp(`^ {2}${name} `, 'm'))
  t.equal((await run(['help'], { tree })).stdout, stdout)
  t.equal((await run(['-h'], { tree })).stdout, stdout)
})

t.test('help does not look at what else was typed', async (t) => {
  t.equal((await run(['resize', '2M=1x', '--help'], { tree })).status, 0)
  t.equal((await run(['resize', '--help'], { tree: 'no-hugetlb' })).status, 0)
})

t.test('the version', async (t) => {
  const expected = { status: 0, stdout: `hugepool ${version}\n`, stderr: '' }
  t.strictSame(await run(['--version'], { tree }), expected)
  t.strictSame(await run(['resize', '--version'], { tree }), expected)
})

t.test('a usage error is one line, a hint where there is one, and where help is', async (t) => {
  t.strictSame(await run(['rezise', '2M=1'], { tree }), {
    status: 2,
    stdout: '',
    stderr:
      "hugepool: unknown command 'rezise'\nhint: did you mean resize?\nhint: 'hugepool resize 2M=1'\ntry 'hugepool --help'\n",
  })
  t.strictSame(await run(['resize', '2M=1', '--dryrun'], { tree }), {
    status: 2,
    stdout: '',
    stderr:
      "hugepool: unknown option --dryrun\nhint: did you mean --dry-run?\ntry 'hugepool resize --help'\n",
  })
})

const wrong: readonly (readonly [words: string, message: RegExp, help: string])[] = [
  [
    'frobnicate',
    /unknown command 'frobnicate'\nhint: the commands are list, resize,/,
    'hugepool --help',
  ],
  ['help frobnicate', /unknown command 'frobnicate'/, 'hugepool --help'],
  [
    'list --pernode',
    /unknown option --pernode\nhint: did you mean --per-node\?/,
    'hugepool list --help',
  ],
  ['list -z', /unknown option -z/, 'hugepool list --help'],
  ['list --dry-run', /unknown option --dry-run/, 'hugepool list --help'],
  ['--bogus', /unknown option --bogus/, 'hugepool --help'],
  ['list --constructor', /unknown option --constructor/, 'hugepool list --help'],
  ['list --no-json', /unknown option --no-json/, 'hugepool list --help'],
  ['list --json=yes', /--json takes no value/, 'hugepool list --help'],
  ['list --output', /--output needs a value: COL,COL/, 'hugepool list --help'],
  ['list --output=', /--output needs a value/, 'hugepool list --help'],
  ['list -o SIZE -o FREE', /--output is given twice/, 'hugepool list --help'],
  ['list --json --raw', /--json and --raw exclude each other/, 'hugepool list --help'],
  ['list --json -o SIZE', /--json and --output exclude each other/, 'hugepool list --help'],
  ['list -o SIZE --output-all', /--output and --output-all exclude/, 'hugepool list --help'],
  [
    'list -o SIEZ',
    /'SIEZ' is not a column\nhint: the columns are SIZE, NODE,/,
    'hugepool list --help',
  ],
  [
    'list --color=blue',
    /--color is one of auto, always, never, not 'blue'/,
    'hugepool list --help',
  ],
  ['resize', /resize needs an operand: ASSIGNMENT\.\.\./, 'hugepool resize --help'],
  ['set', /resize needs an operand/, 'hugepool resize --help'],
  ['overcommit 2M=1 --node 0', /unknown option --node/, 'hugepool overcommit --help'],
  ['completion', /completion needs an operand: SHELL/, 'hugepool completion --help'],
  ['completion bash zsh', /'zsh' is one word too many/, 'hugepool completion --help'],
  ['list -- --json', /'--json' is not a page size/, 'hugepool list --help'],
  ['list -- -x', /'-x' is not a page size/, 'hugepool list --help'],
  ['resize -- --dry-run', /'--dry-run' is not an assignment/, 'hugepool resize --help'],
  ['list -2', /'-2' is not a page size/, 'hugepool list --help'],
  ['list - 2M', /'-' is not a page size/, 'hugepool list --help'],
]

t.test('wrong words, each with its message', async (t) => {
  for (const [words, message, help] of wrong) {
    const { status, stdout, stderr } = await run(words.split(' '), { tree })
    t.match({ status, stderr }, { status: 2, stderr: message }, words)
    t.ok(stderr.endsWith(`\ntry '${help}'\n`), `${words}: ${stderr}`)
    t.notMatch(stderr, /\n {4}at /)
    t.equal(stdout === '', !/--json[ =]/.test(words), words)
  }
})

t.test('words after -- are operands like any other', async (t) => {
  t.strictSame(await run(['list', '--', '2M'], { tree }), await run(['list', '2M'], { tree }))
  const dry = await run(['resize', '--dry-run', '--', '2M=1', '1G=2'], { tree })
  t.strictSame(dry, await run(['resize', '2M=1', '1G=2', '--dry-run'], { tree }))
  t.equal(dry.status, 0)
})

t.test('options may stand anywhere, and letters together', async (t) => {
  const expected = await run(
    ['list', '--raw', '--bytes', '--noheadings', '--output', 'SIZE,FREE'],
    { tree },
  )
  t.equal(expected.stdout, '2097152 97\n1073741824 0\n')
  for (const words of [
    '-rbnoSIZE,FREE',
    '-rbno SIZE,FREE list',
    'list -r -b -n -o=SIZE,FREE',
    '--raw list -bn --output=SIZE,FREE',
  ])
    t.strictSame(await run(words.split(' '), { tree }), expected, words)
})

t.test('with --json an error is a document on stdout as well', async (t) => {
  for (const words of [
    'list 2X --json',
    'list 2X -J',
    'list 2X -nJ',
    '--json frobnicate',
    '-J --bogus',
  ]) {
    const { status, stdout, stderr } = await run(words.split(' '), { tree })
    const { error } = errorSchema.parse(parseExact(stdout))
    t.equal(status, 2, words)
    t.ok(stderr.startsWith(`hugepool: ${error.message}\n`), words)
    if (error.hint !== undefined) t.match(stderr, `\nhint: ${error.hint}\n`)
  }
  t.equal((await run(['list', '--', '--json'], { tree })).stdout, '', 'an operand')
  t.equal((await run(['list', '-oJUNK'], { tree })).stdout, '', 'a value')
})

t.test('a machine that is not there', async (t) => {
  const { status, stderr } = await run(['list', '--sysroot', '/nowhere'], { tree })
  t.equal(status, 2)
  t.match(stderr, 'hugepool: /nowhere: no such directory\n')
})

t.test('a fault of the program is said to be one', async (t) => {
  const faulty = {
    ...treeOf(tree),
    list: () => {
      throw new TypeError('x is undefined')
    },
  }
  t.strictSame(await run(['list'], { tree: faulty }), {
    status: 70,
    stdout: '',
    stderr:
      'hugepool: a fault of hugepool: x is undefined\nhint: please report it with the command line\n',
  })
})

t.test(
  'a system call that fails where nobody expected it is no fault of the program',
  async (t) => {
    const failing = (code: string, syscall?: string) => {
      const error = Object.assign(new Error(code), { code }, syscall && { syscall, path: '/a' })
      const fails = () => {
        throw error
      }
      return run(['list'], {
        tree: { ...treeOf(tree), read: fails, list: fails, checkWritable: fails },
      })
    }
    const unread = { status: 1, stdout: '' }
    t.match(await failing('EIO', 'read'), unread)
    t.notMatch((await failing('EIO', 'read')).stderr, /a fault of hugepool/)
  },
)
