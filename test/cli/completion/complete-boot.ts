import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { formatSeries, seriesRanges } from '../../../src/model/boot/kernel-series.ts'
import { G, M } from '../../helpers/sizes.ts'

const facts = {
  sizes: () => [2n * M, G],
  defaultSize: () => 2n * M,
  nodes: () => [0],
  mounts: () => [],
}

/** On two nodes. */
const onNodes = async (...words: readonly string[]) =>
  (await candidatesFor(['boot', ...words], { ...facts, nodes: () => [0, 1] })).map(
    ({ text }) => text,
  )

const offered = async (...words: readonly string[]) =>
  (await candidatesFor(['boot', ...words], facts)).map(({ text }) => text)

t.test('a kernel of each way to read a line, and all of them for a check', async (t) => {
  const series = seriesRanges.map(({ from }) => formatSeries(from))
  t.strictSame(await offered('--kernel', ''), series)
  t.strictSame(await offered('--check', '--kernel', ''), [...series, 'all'])
  t.strictSame(await offered('--check', '--kernel=a'), ['--kernel=all'])
  t.strictSame((await offered('--kernel', '5.1')).includes('5.10'), true)
})

t.test('the base pages of the architecture that is named', async (t) => {
  t.strictSame(await offered('--arch', 'arm64', '--base-page', ''), ['4K', '16K', '64K'])
  t.strictSame(await offered('--arch', 's390x', '--base-page', '6'), [])
  t.strictSame(await offered('--base-page', ''), [])
})

t.test('a default size, which the line may have pages of too', async (t) => {
  t.strictSame(await offered('1G=2', '--default', ''), ['2M', '1G'])
})

t.test(
  'an assignment that can stand on a line: no default size, and no count of now',
  async (t) => {
    t.strictSame(await onNodes('d'), [])
    t.strictSame(await onNodes('2'), ['2M='])
    t.strictSame(await onNodes('2M='), ['2M=0:', '2M=1:'])
    t.strictSame(await onNodes('2M=0:4,'), ['2M=0:4,1:'])
    t.strictSame(await onNodes('2M=0:'), [])
    t.strictSame(await offered('2M='), [])
  },
)
