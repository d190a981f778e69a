import t from 'tap'
import { lines } from '../../helpers/on-fake.ts'
import { run } from '../../helpers/run.ts'

const refused = async (...words: readonly string[]) => {
  const { status, stdout, stderr } = await run(['boot', ...words], { tree: 'two-nodes' })
  t.equal(stdout, '')
  return [status, stderr]
}

t.test('kernels that are none', async (t) => {
  const hint = "hint: a kernel is written as 6.12 or as 'uname -r' prints it"
  for (const text of ['6', 'x', '6.x', '6.1234', 'All'])
    t.strictSame(await refused('--kernel', text), [
      2,
      lines(`hugepool: '${text}' is not a kernel`, hint, "try 'hugepool boot --help'"),
    ])
  t.strictSame(await refused('--kernel', 'all'), [
    2,
    lines('hugepool: --kernel all is for --check', hint, "try 'hugepool boot --help'"),
  ])
})

t.test('base pages', async (t) => {
  const told = (words: string, hint: string) => [
    2,
    lines(`hugepool: ${words}`, `hint: ${hint}`, "try 'hugepool boot --help'"),
  ]
  t.strictSame(
    await refused('--base-page', '4K'),
    told('--base-page is for another architecture', "name it with '--arch'"),
  )
  t.strictSame(
    await refused('--arch', 'arm64', '--base-page', '8K'),
    told("'8K' is not a base page of aarch64", 'it has base pages of 4K, 16K, 64K'),
  )
  t.strictSame(
    await refused('--arch', 'x86_64', '--base-page', 'x'),
    told("'x' is not a base page of x86_64", 'it has base pages of 4K'),
  )
})

t.test('an architecture that is not known', async (t) => {
  const [status, stderr] = await refused('--arch', 'm68k')
  t.equal(status, 2)
  t.match(stderr, 'x86_64, aarch64, s390x, riscv64, ppc64le, arm64, amd64')
})

t.test('another name of an architecture', async (t) => {
  const words = ['boot', '--line', 'ro', '--json', '--arch']
  const one = await run([...words, 'amd64'], { tree: 'two-nodes' })
  t.strictSame(one, await run([...words, 'x86_64'], { tree: 'two-nodes' }))
})

t.test('a line that begins with --', async (t) => {
  const { status, stdout } = await run(['boot', '--line', '-- hugepages=3', '--kernel', '6.12'], {
    tree: 'two-nodes',
  })
  t.strictSame(
    [status, stdout.split('\n')[1]],
    [0, 'hugepages=3  a word for init  ignored  it stands behind --'],
  )
})

t.test('columns where there are none to choose', async (t) => {
  const help = "try 'hugepool boot --help'"
  const written = lines(
    'hugepool: words that are written have no columns',
    'hint: a line is explained in columns: --line',
    help,
  )
  t.strictSame(await refused('2M=3', '-o', 'WORD'), [2, written])
  t.strictSame(await refused('--from-config', '--output-all'), [2, written])
  for (const ask of [['--pending'], ['--remove'], ['--install', '--line', 'hugepages=2']])
    t.strictSame(await refused(...ask, '-o', 'WORD'), [
      2,
      lines(`hugepool: ${ask[0]} and --output exclude each other`, help),
    ])
})

t.test('sizes that another architecture lacks', async (t) => {
  t.strictSame(await refused('2M=3', '--arch', 's390x'), [
    4,
    lines('hugepool: there are no 2M pages on s390x', 'hint: s390x has 1M, 2G'),
  ])
})
