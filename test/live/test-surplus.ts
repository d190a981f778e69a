import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setOvercommit, setPool, smallest } from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { setSpread } from './support/spread.ts'
import { countsNow, first, name, second, writeNode } from './support/two-nodes.ts'

const blame = /others changed|somebody|did not come back|nobody is seen/

/** Pages of both nodes, what is reserved, what the nodes are shrunk to, overcommit, and the test. */
const states: readonly (readonly [
  spread: readonly [number, number],
  reserved: number,
  shrunk: readonly [number, number],
  overcommit: number,
  words: readonly string[],
])[] = [
  [[6, 6], 8, [2, 6], 0, ['4']],
  [[6, 6], 8, [6, 2], 0, ['4', '--touch', '2']],
  [[8, 4], 8, [0, 4], 0, ['2', '--touch', '0']],
  [[4, 8], 10, [0, 2], 4, ['4']],
  [[4, 4], 8, [0, 0], 4, ['3', '--via', 'memfd']],
  [[2, 2], 4, [2, 0], 6, ['5', '--touch', '1']],
  [[0, 4], 2, [0, 1], 6, ['6', '--node', '1']],
  [[4, 0], 4, [1, 0], 4, ['3', '--via', 'shm']],
]

liveOn('room', 'two nodes with memory')(
  'test never blames others for the surplus that it moved itself',
  async (t) => {
    for (const [spread, reserved, shrunk, overcommit, [pages = '', ...words]] of states) {
      setSpread(smallest, spread)
      const holding = await hold(smallest, { pages: reserved })
      writeNode(first, shrunk[0])
      writeNode(second, shrunk[1])
      setOvercommit(smallest, overcommit)
      const before = countsNow().join(', ')
      const { err } = await hugepool('test', `${name}=${pages}`, ...words)
      const what = `${before} with ${reserved} reserved: ${pages} ${words.join(' ')}: ${err}`
      t.notMatch(err, blame, what)
      await holding.release()
      setOvercommit(smallest, 0)
      setPool(smallest, 0)
    }
  },
)

liveOn('pools that can be set')('the same on one node', async (t) => {
  setPool(smallest, 12)
  const holding = await hold(smallest, { pages: 8 })
  setPool(smallest, 8)
  // The kernel made the rest surplus, or left it away.
  const { reserved } = countsOf(smallest)
  t.equal(reserved, 8)
  setOvercommit(smallest, 4)
  const { status, err } = await hugepool('test', `${name}=4`)
  t.equal(status, 0)
  t.notMatch(err, blame)
  await holding.release()
})
