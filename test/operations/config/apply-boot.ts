import t, { type Test } from 'tap'
import { configuredStage } from '../../helpers/configured-stage.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { lines, signalDuringWrite, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const pieces = (fragmentedBytes: bigint) => ({
  nodes: [{ id: 0, memory: 4n * G, fragmentedBytes }],
})
const compactions = (writes: readonly { readonly path: string }[]): number =>
  writes.filter(({ path }) => path === '/proc/sys/vm/compact_memory').length

t.test('at a start memory is compacted while that gains pages', async (t) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 500\n', pieces(3800n * M))
  const { status, stdout } = await stage.run('apply --boot')
  t.strictSame(
    [status, stdout],
    [0, lines('2M: 500 of 500 pages', 'the machine is as the configuration wants it')],
  )
  t.equal(compactions(stage.kernel.writes), 1)
  const without = configuredStage(t, '[pools.2M]\npages = 500\n', pieces(3800n * M))
  t.equal((await without.run('apply')).status, 64)
  t.equal(compactions(without.kernel.writes), 0)
})

t.test(
  'what falls short comes last in a sentence, after a retry that waits for a second',
  async (t) => {
    const stage = configuredStage(t, '[pools.2M]\npages = 500\n[pools.1G]\npages = 1\n')
    stage.kernel.limitGrowth(2n * M, 0n)
    const clock = fakeClock()
    const { status, stdout, stderr } = await stage.run('apply --boot', { clock })
    t.equal(status, 64)
    t.equal(stdout, lines('1G: 1 of 1 page', '2M: 0 of 500 pages'))
    t.strictSame(stderr.trimEnd().split('\n').slice(-2), [
      'hugepool: 2M: asked for 500, got 0: 500 short',
      'hugepool: 1 of 2 things that the configuration wants is not so',
    ])
    t.equal(compactions(stage.kernel.writes), 2, 'once more in vain')
    t.equal(clock.clock(), 1000)
  },
)

/** A start where each compaction takes so many milliseconds, and the one write after it gains a page. */
const slowStart = async (t: Test, milliseconds: number) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 500\n')
  const clock = fakeClock()
  // A clock counts from the start of the machine.
  clock.pass(7_000)
  const { write, limitGrowth } = stage.kernel
  limitGrowth(2n * M, 0n)
  stage.kernel.write = (path, value) => {
    const compacts = path === '/proc/sys/vm/compact_memory'
    if (compacts) clock.pass(milliseconds)
    write(path, value)
    limitGrowth(2n * M, compacts ? 1n : 0n)
  }
  const { status, stdout } = await stage.run('apply --boot', { clock })
  return { status, stdout, compactions: compactions(stage.kernel.writes) }
}

t.test('it is tried for a minute at most', async (t) => {
  t.strictSame(await slowStart(t, 20_000), {
    status: 64,
    stdout: '2M: 3 of 500 pages\n',
    compactions: 3,
  })
  // Three of these end just within the minute.
  t.strictSame(await slowStart(t, 19_999), {
    status: 64,
    stdout: '2M: 4 of 500 pages\n',
    compactions: 4,
  })
})

t.test('compaction that gains nothing is tried once more, at a start alone', async (t) => {
  const compactionsOf = async (line: string, gains: readonly bigint[]) => {
    const stage = configuredStage(t, '[pools.2M]\npages = 500\n')
    const { write, limitGrowth } = stage.kernel
    limitGrowth(2n * M, 0n)
    let done = 0
    stage.kernel.write = (path, value) => {
      const compacts = path === '/proc/sys/vm/compact_memory'
      write(path, value)
      limitGrowth(2n * M, compacts ? (gains[done] ?? 0n) : 0n)
      if (compacts) done += 1
    }
    await stage.run(line, { clock: fakeClock() })
    return done
  }
  t.equal(await compactionsOf('apply --boot', [0n, 1n, 0n, 1n]), 6)
  t.equal(await compactionsOf('apply --compact', [0n, 1n]), 1)
})

t.test('a kernel without compaction is not asked for it', async (t) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 500\n', pieces(3800n * M))
  const { checkWritable } = stage.kernel
  stage.kernel.checkWritable = (path) => {
    if (path.includes('compact')) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    checkWritable(path)
  }
  const { status } = await stage.run('apply --boot')
  t.equal(status, 64)
  t.equal(compactions(stage.kernel.writes), 0)
})

t.test('a signal ends it, and what comes after is left out', async (t) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 900\novercommit = 4\n')
  const signal = signalDuringWrite(stage.kernel, 1, 'SIGTERM')
  const { status, stderr } = await stage.run('apply', signal)
  t.equal(status, 'SIGTERM')
  t.match(stderr, /stopped by SIGTERM/i)
  t.strictSame(writesOf(stage.kernel), ['2048kB nr_hugepages=128'])
})

t.test('what may fall short is told before the sentence about the whole', async (t) => {
  const stage = configuredStage(t, '[pools.2M]\npages = 500\nessential = false\n')
  stage.kernel.limitGrowth(2n * M, 0n)
  const { status, stdout, stderr } = await stage.run('apply --boot', { clock: fakeClock() })
  const said = lines(
    'hugepool: note: 2M: asked for 500, got 0: 500 short',
    'hugepool: note: all that is essential is as the configuration wants it',
  )
  t.strictSame(
    { status, stdout, stderr },
    { status: 0, stdout: '2M: 0 of 500 pages\n', stderr: said },
  )
})

t.test('the sentence tells why the exit status is not 0, with what falls short', async (t) => {
  const of = (more: string) => {
    const stage = configuredStage(t, `[pools.2M]\npages = 500\n${more}[pools.1G]\npages = "1:1"\n`)
    stage.kernel.limitGrowth(2n * M, 0n)
    return stage
  }
  const short = [
    'hugepool: 1 of 3 things that the configuration wants is not so',
    'hugepool: 2M: asked for 500, got 0: 500 short',
    'hint: node 0 has 4G free, with 2048 contiguous blocks of 2M',
    'hint: node 1 has 3G free, with 1536 contiguous blocks of 2M',
    'hint: --compact asks the kernel to make contiguous memory and tries again',
  ]
  const table = `WHAT          BEFORE  REQUESTED  AFTER  OUTCOME
1G on node 1  0       1          1      done
1G on node 0  0       0          0      unchanged
2M            0       500        0      partial
`
  const partial = { status: 64, stdout: table, stderr: lines(...short) }
  t.strictSame(await of('').run('apply'), partial)
  t.strictSame(await of('').run('apply --quiet'), partial)
  const all = 'hugepool: note: all that is essential is as the configuration wants it'
  const { status, stderr } = await of('essential = false\n').run('apply')
  const [first, second] = stderr.split('\n')
  t.strictSame([status, first, second], [0, all, short[1]?.replace(': ', ': note: ')])
  const start = await of('').run('apply --boot', { clock: fakeClock() })
  t.equal(start.stdout, lines('1G on node 1: 1 of 1 page', '2M: 0 of 500 pages'))
})

t.test('a dry run that is known to fall short has nothing to do besides', async (t) => {
  const stage = configuredStage(t, '[pools.16M]\npages = 3\n')
  const said = await stage.run('apply --dry-run')
  t.strictSame(said, {
    status: 64,
    stdout: '',
    stderr: lines(
      'hugepool: note: nothing to do',
      'hugepool: 16M: there are no 16M pages here',
      'hint: this machine has 2M, 1G',
      'hint: on ppc64 16M pages want a kernel with the hash MMU; this one has the radix MMU',
    ),
  })
})
