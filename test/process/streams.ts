import t from 'tap'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { installed, run, spawnLine, spawnProgram, treePath } from '../helpers/run.ts'

const program = installed()
const sysroot = ['--sysroot', treePath('gaps')]
const list = ['list', ...sysroot]

t.test('the process prints what its command prints', async (t) => {
  const expected = await run(['list', '--per-node'], { tree: 'gaps' })
  const { status, stdout, stderr } = spawnProgram(program, [...list, '--per-node'])
  t.strictSame({ status, stdout, stderr }, expected)
})

t.test('a full disk is exit 1, in words and without a stack trace', async (t) => {
  const full = 'hugepool: standard output: no space left on device (ENOSPC)\n'
  for (const words of [
    list,
    [...list, '-r'],
    ['--help'],
    ['resize', '--help'],
    ['--version'],
    ['completion', 'zsh'],
  ]) {
    const { status, stdout, stderr } = spawnLine('exec "$@" > /dev/full', program, words)
    t.strictSame(
      { status, stdout, stderr },
      { status: 1, stdout: '', stderr: full },
      words.join(' '),
    )
  }
})

t.test('a reader that has seen enough is no error', async (t) => {
  const line = '{ "$@"; echo "status $?" >&2; } | head -c 1'
  for (const words of [list, [...list, '--json'], [...list, '-N'], ['--help']]) {
    const { stdout, stderr } = spawnLine(line, program, words)
    t.equal(stdout.length, 1, words.join(' '))
    t.equal(stderr, 'status 0\n')
  }
})

t.test('a reader that never reads is no error either', async (t) => {
  const { stderr } = spawnLine('{ "$@"; echo "status $?" >&2; } | true', program, list)
  t.equal(stderr, 'status 0\n')
})

t.test('a slow reader gets all of it', async (t) => {
  const words = [...list, '-N', '--output-all']
  const { stdout } = spawnLine('"$@" | dd bs=7 2>/dev/null', program, words)
  t.equal(stdout, spawnProgram(program, words).stdout)
})

t.test('closed streams', async (t) => {
  const { stdout } = spawnProgram(program, list)
  t.hasStrict(spawnLine('exec "$@" <&-', program, list), { status: 0, stdout, stderr: '' })
  t.hasStrict(spawnLine('exec "$@" 2>&-', program, list), { status: 0, stdout })
  t.hasStrict(spawnLine('exec "$@" 2>&-', program, ['list', '2X']), { status: 2, stdout: '' })
  t.hasStrict(spawnLine('exec "$@" 2>/dev/full', program, ['list', '2X']), {
    status: 2,
    stdout: '',
  })
  t.match(spawnLine('exec "$@" >&- 2>&1', program, ['resize', '2M=1x', ...sysroot]), { status: 2 })
})

t.test('what is said goes to stderr, what was asked for to stdout', async (t) => {
  const missing = ['list', '--json', '--sysroot', treePath('no-hugetlb')]
  const { status, stdout, stderr } = spawnProgram(program, missing)
  t.equal(status, 4)
  const { pools, error } = listSchema.parse(parseExact(stdout))
  t.strictSame({ pools, code: error?.code }, { pools: [], code: 'E_UNSUPPORTED' })
  t.match(stderr, /^hugepool: this kernel has no HugeTLB pools/)
})

t.test('the largest argument that the kernel passes on', async (t) => {
  for (const [word, message] of [
    ['x', /^hugepool: 'x{100,}.*\nhint: .*\n/],
    ['9', /^hugepool: '9{100,}.*' is too large: .*\ntry /],
  ] as const) {
    const { status, stdout, stderr, error } = spawnProgram(program, [
      'list',
      word.repeat(131_071),
      ...sysroot,
    ])
    t.equal(error, undefined)
    t.match({ status, stdout, stderr }, { status: 2, stdout: /^$/, stderr: message })
    t.ok(stderr.length < 2100)
  }
  const assignment = `2M=${'1'.repeat(131_068)}`
  t.hasStrict(spawnProgram(program, ['resize', assignment, ...sysroot]), { status: 2, stdout: '' })
})
