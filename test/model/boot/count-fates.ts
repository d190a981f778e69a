import t from 'tap'
import { isByNode } from '../../../src/model/boot/count-fates.ts'
import { nothingWanted } from '../../../src/model/boot/read-line.ts'
import { fates, predicted } from '../../helpers/predicted.ts'

/** What becomes of a count before the default size, and of one behind it. */
const both = (first: string, second: string, series?: string) => {
  const line = `hugepages=${first} default_hugepagesz=2M hugepages=${second}`
  const [one, , other] = fates(line, series)
  return [predicted(line, series).pools, one, other]
}

t.test('counts of nodes add up', async (t) => {
  for (const series of ['6.12', '6.18', '7.3'])
    t.strictSame(
      both('0:2', '1:1', series),
      ['2M:3(2,1)', 'hugepages=0:2 | used', 'hugepages=1:1 | used'],
      series,
    )
})

t.test('a later number of a node wins', async (t) => {
  t.strictSame(both('0:2', '0:5'), [
    '2M:5(5,0)',
    'hugepages=0:2 | overridden | by hugepages=0:5',
    'hugepages=0:5 | used',
  ])
  t.strictSame(both('0:2,1:1', '0:5'), [
    '2M:6(5,1)',
    'hugepages=0:2,1:1 | used | node 0 has the number of hugepages=0:5',
    'hugepages=0:5 | used',
  ])
})

t.test('counts of nodes win over one without nodes, wherever that stands', async (t) => {
  t.strictSame(both('0:2', '3'), [
    '2M:2(2,0)',
    'hugepages=0:2 | used',
    'hugepages=3 | overridden | by hugepages=0:2',
  ])
  t.strictSame(both('8', '0:2'), [
    '2M:2(2,0)',
    'hugepages=8 | overridden | by hugepages=0:2',
    'hugepages=0:2 | used',
  ])
})

t.test('what asks for no page leaves or takes all', async (t) => {
  t.strictSame(both('0:2', '0'), [
    '',
    'hugepages=0:2 | overridden | by hugepages=0',
    'hugepages=0 | used',
  ])
  t.strictSame(both('4', '0:0'), ['2M:4(4,0)', 'hugepages=4 | used', 'hugepages=0:0 | used'])
  t.strictSame(both('3', '4').slice(1), [
    'hugepages=3 | overridden | by hugepages=4',
    'hugepages=4 | used',
  ])
})

t.test('a shortage is told of the word that names the node', async (t) => {
  const [, first, second] = both('0:4000', '1:1')
  t.match(first, /^hugepages=0:4000 \| short \| .* failed node0\./)
  t.equal(second, 'hugepages=1:1 | used')
})

t.test('what a count means is what it says itself', async (t) => {
  const { predictBoot } = await import('../../../src/model/boot/predict-boot.ts')
  const { bootMachine } = await import('../../helpers/predicted.ts')
  const line = 'hugepages=0:2 default_hugepagesz=2M hugepages='
  const means = (count: string) =>
    predictBoot(`${line}${count}`, [6, 12], bootMachine).words.at(-1)?.means
  t.equal(means('1:1'), 'pages of 2M: 1 on node 1')
  t.equal(means('3'), '3 pages of 2M')
})

t.test('nodes count where one of them has a number and the sum is not 0', async (t) => {
  const nodes = (pages: bigint) => new Map([[0, pages]])
  t.equal(isByNode({ ...nothingWanted, count: 1n, nodes: nodes(1n) }), true)
  t.equal(isByNode({ ...nothingWanted, count: 1n, nodes: nodes(0n) }), false)
  t.equal(isByNode({ ...nothingWanted, nodes: nodes(1n) }), false)
})

t.test('what takes the place of all counts of a size is told of each', async (t) => {
  const line = 'hugepages=0:2 default_hugepagesz=2M hugepages=1:1 sysctl.vm.nr_hugepages=4'
  const by = 'overridden | by sysctl.vm.nr_hugepages=4'
  t.strictSame(fates(line), [
    `hugepages=0:2 | ${by}`,
    'default_hugepagesz=2M | used',
    `hugepages=1:1 | ${by}`,
    'sysctl.vm.nr_hugepages=4 | used',
  ])
})
