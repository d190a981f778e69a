import t from 'tap'
import { allAsked } from '../../../src/model/boot/asked-line.ts'
import { checkMemory } from '../../../src/model/boot/line-memory.ts'
import {
  refusalOf,
  requestOf,
  roomyMachine,
  type TypedLine,
  targetOf,
} from '../../helpers/generated.ts'
import { G } from '../../helpers/sizes.ts'

const one = { ...roomyMachine, nodes: [{ node: 0, memory: 8n * G }] }

const checked = (words: string, typed: TypedLine = {}, machine = roomyMachine) => {
  const request = requestOf(words, typed)
  return refusalOf(() =>
    checkMemory(machine, allAsked(targetOf('6.18', machine), request), request.leave),
  )
}

const fits = 'it is not refused'
const later =
  "--leave AMOUNT changes the margin | what the line takes is gone before anything has started: 'hugepool apply' can provide pages that are not gigantic later"

t.test('a start leaves what a start needs, and the margin of resize', async (t) => {
  // 2 % of 8G are 163M, and 512M beside it: 7516M are 3758 pages.
  t.equal(checked('2M=3758', {}, one), fits)
  t.equal(
    checked('2M=3759', {}, one),
    `E_REFUSED margin: 3759 pages of 2M would leave less than 675M of the 8G of memory available | the largest count that fits is 2M=3758; ${later}`,
  )
  t.equal(checked('1G=14'), fits)
  t.equal(
    checked('1G=15'),
    `E_REFUSED margin: 15 pages of 1G would leave less than the margin on each of nodes 0-1, which can give 14 more | the largest count that fits is 1G=14; ${later}`,
  )
})

t.test('a node that is named keeps a margin of its own', async (t) => {
  t.equal(checked('1G=0:7,1:7'), fits)
  t.equal(
    checked('1G=0:7,1:8'),
    `E_REFUSED margin: 8 pages of 1G would leave less than 163M of the 8G of memory available on node 1 | the largest count that fits is 1G=1:7; ${later}`,
  )
})

t.test('all sizes and areas together', async (t) => {
  t.equal(checked('1G=0:7,1:7 2M=600'), fits)
  t.match(checked('1G=0:7,1:7 2M=700'), /^E_REFUSED margin: 700 pages of 2M would leave less/)
  t.match(checked('1G=0:7 2M=0:600'), /^E_REFUSED margin: 600 pages of 2M would .* on node 0/)
  t.equal(checked('2M=512', { cma: '1G=0:7,1:6' }), fits)
  t.equal(
    checked('2M=1024', { cma: '1G=0:7,1:7' }),
    `E_REFUSED margin: 7 pages of 1G for CMA would leave less than 163M of the 7G of memory available on node 0 | the largest count that fits is 1G=0:6; ${later}`,
  )
  t.equal(
    checked('2M=700', { cma: '1G=14' }),
    `E_REFUSED margin: 14 pages of 1G for CMA would leave less than 839M of the 14G of memory available | the largest count that fits is 1G=13; ${later}`,
  )
})

t.test('the memory that was typed', async (t) => {
  t.equal(checked('1G=0:8', { leave: '0' }), fits)
  t.equal(checked('1G=16', { leave: '0' }), fits)
  t.match(
    checked('1G=17', { leave: '0' }),
    /^E_REFUSED margin: .* largest count that fits is 1G=16;/,
  )
  t.equal(checked('1G=12', { leave: '4G' }), fits)
  t.match(checked('1G=13', { leave: '4G' }), /^E_REFUSED margin: 13 .* less than 4G of the 16G/)
  t.match(
    checked('1G=0:5', { leave: '4G' }),
    /^E_REFUSED margin: 5 .* less than 4G of the 8G .* on node 0/,
  )
})

t.test('a node that is named leaves all of it, the others their parts', async (t) => {
  t.match(checked('1G=0:5 2M=4', { leave: '4G' }), /^E_REFUSED margin: 5 pages .* on node 0/)
  t.equal(checked('1G=0:4 2M=3072', { leave: '4G' }), fits)
  t.match(checked('1G=0:4 2M=3073', { leave: '4G' }), /^E_REFUSED margin: 3073 pages of 2M/)
  t.match(checked('1G=0:1', { leave: '9G' }), /largest count that fits is 1G=0:0;/)
})

t.test('a node without memory gives none', async (t) => {
  const bare = { ...one, nodes: [...one.nodes, { node: 1, memory: 0n }] }
  t.equal(checked('1G=7', {}, bare), fits)
  t.match(checked('1G=8', {}, bare), /largest count that fits is 1G=7;/)
})
