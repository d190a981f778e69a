import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { liveOn } from './support/live.ts'
import { setOvercommit, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { setSpread } from './support/spread.ts'
import { countsNow, first, idleBesideReserved, name, second } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory')

const onAll = [`${name}=2`, '--node', 'all'] as const
const roomOn = (node: number, pages: number) =>
  `'hugepool resize ${name}=${node}:+${pages}' makes room there`

live('a test on all nodes names the node that lacks pages, and how many', async (t) => {
  setSpread(smallest, [4, 1])
  setOvercommit(smallest, 0)
  const { status, document } = await hugepoolJson(testSchema, 'test', ...onAll)
  t.equal(status, 1)
  t.equal(document.failure?.node, second)
  t.strictSame(document.advice, [roomOn(second, 1)])
})

live(
  'where several nodes lack pages each has its hint, and together they are enough',
  async (t) => {
    setSpread(smallest, [0, 1])
    setOvercommit(smallest, 0)
    const { status, err } = await hugepool('test', ...onAll)
    t.equal(status, 1)
    t.strictSame(
      err.split('\n').filter((line) => line.startsWith('hint: ')),
      [`hint: ${roomOn(first, 2)}`, `hint: ${roomOn(second, 1)}`],
    )
    await hugepool('resize', `${name}=${first}:+2,${second}:+1`)
    const { status: passed, document } = await hugepoolJson(testSchema, 'test', ...onAll)
    t.equal(passed, 0)
    t.strictSame(document.placement, [
      { node: first, pages: 2n },
      { node: second, pages: 2n },
    ])
  },
)

live('surplus that leaves the pool with a page of the test is not what others did', async (t) => {
  setOvercommit(smallest, 0)
  await idleBesideReserved()
  t.strictSame(countsNow(), ['8t 8f 0s', '4t 4f 4s'])
  const { status, out, err } = await hugepool('test', `${name}=1`, '--node', `${second}`)
  t.equal(status, 0, err)
  t.match(out, 'all pages and reservations came back, and 1 surplus page left the pool')
  t.match(err, `hugepool: note: ${name}: 1 surplus page left the pool: while there is surplus`)
  t.notMatch(err, 'others')
  t.strictSame(countsNow(), ['8t 8f 0s', '3t 3f 3s'])
})
