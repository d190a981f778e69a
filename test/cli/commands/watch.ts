import t from 'tap'
import { caught } from '../../helpers/caught.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = () =>
  fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 8n } }],
  })

const heading = 'SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  CHANGE'
const idle = '2M        8     8         0          8       0        0'

t.test('a table for each look, with an empty line between', async (t) => {
  t.strictSame(await onFake(machine(), 'watch 2M --count 2'), {
    status: 0,
    stdout: lines(heading, `${idle}       -`, '', heading, `${idle}       0`),
    stderr: '',
  })
  t.strictSame(await onFake(machine(), 'watch 2M --count 2 -rno SIZE,NODE,CHANGE -N'), {
    status: 0,
    stdout: lines('2M all -', '2M 0 -', '2M all 0', '2M 0 0'),
    stderr: '',
  })
})

t.test('holders stand below, and what is said of them is said once', async (t) => {
  const kernel = machine()
  kernel.map(2n * M, 3n).touch(3n)
  const { status, stdout, stderr } = await onFake(kernel, 'watch 2M --who --count 2')
  const table = ['PID  USER  COMMAND  HOLDS        SIZE  PAGES  RESERVED  NAME']
  t.strictSame(
    [status, stdout.split('\n').filter((line) => /^PID/.test(line)), stderr.split('\n').length],
    [0, [...table, ...table], 2],
  )
})

t.test('without holders there is no second table', async (t) => {
  const { stdout } = await onFake(machine(), 'watch 2M --who --count 1')
  t.equal(stdout, lines(heading, `${idle}       -`))
})

t.test('a document for each look, on a line by itself', async (t) => {
  const line = 'watch 2M --json --count 2 --until 2M.free<8'
  const { stdout, ...rest } = await onFake(machine(), line)
  t.strictSame(rest, { status: 5, stderr: '' }, 'what did not come true is in the document')
  t.strictSame(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ look, elapsed, until }) => ({ look, elapsed, until })),
    [0, 2000].map((elapsed, index) => ({
      look: index + 1,
      elapsed,
      until: { expression: '2M.free<8', holds: false },
    })),
  )
})

t.test('waiting ends with 0 when it holds, and with 5 when the time is up', async (t) => {
  const held = await onFake(machine(), 'watch 2M -rno FREE --until 2M.free>=8 --timeout 60s')
  t.strictSame(held, { status: 0, stdout: '8\n', stderr: '' })
  const late = await onFake(machine(), 'watch 2M -rno FREE --until 2M.free>8 --timeout 3')
  t.strictSame(late, {
    status: 5,
    stdout: '8\n8\n8\n',
    stderr: "hugepool: '2M.free>8' did not come true within 3s\n",
  })
  const counted = await onFake(machine(), 'watch 2M -rno FREE --until 2M.free>8 --count 1')
  t.equal(counted.stderr, "hugepool: '2M.free>8' did not come true\n")
})

t.test('where it prints, signals keep their usual effect', async (t) => {
  const watchSignals = () => {
    throw new Error('they are not to be noted')
  }
  t.strictSame(await onFake(machine(), 'watch 2M -rno FREE --count 1', { watchSignals }), {
    status: 0,
    stdout: '8\n',
    stderr: '',
  })
})

t.test('with --count it prints its tables on a terminal too', async (t) => {
  const onTerminal = (columns: number, line: string) => {
    const kernel = machine()
    return caught(
      line.split(' '),
      {
        ...{ outIsTerminal: true, errIsTerminal: true, outColumns: () => columns },
        environment: { TERM: 'xterm', NO_COLOR: '1', LANG: 'C' },
        openTerminal: async () => {
          throw new Error('it is not to be filled')
        },
      },
      { tree: kernel, native: nativeOf(kernel) },
    )
  }
  const bar = `  [${'.'.repeat(33)}]`
  const wide = heading.replace('  CHANGE', `  ${'USE'.padEnd(bar.length - 2)}  CHANGE`)
  for (const [columns, title, pool] of [
    [80, heading, idle],
    [100, wide, `${idle}${bar}`],
  ] as const)
    t.strictSame(await onTerminal(columns, 'watch 2M --count 2'), {
      status: 0,
      stdout: lines(title, `${pool}       -`, '', title, `${pool}       0`),
      stderr: '',
    })
  const { status, stderr } = await onTerminal(80, 'watch 2M')
  t.strictSame(
    [status, /it is not to be filled/.test(stderr)],
    [70, true],
    'without it, it fills it',
  )
})

t.test('wrong words', async (t) => {
  for (const [line, words] of [
    ['--timeout 5', '--timeout is of no use without --until'],
    ['--interval 0', "'0' is no interval"],
    ['--count 0', "'0' is not a number of looks"],
    ['--until 2M.free', "'2M.free' is not an expression"],
    ['2X', "'2X' is not a page size"],
  ] as const) {
    const { status, stdout, stderr } = await onFake(machine(), `watch ${line}`)
    t.strictSame([status, stdout, stderr.split('\n')[0]], [2, '', `hugepool: ${words}`])
  }
})
