import t from 'tap'
import { fittingNumber } from '../../../src/model/pools/count-that-fits.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const pool = poolOf(2n * M, { total: 5n, surplus: 2n })
const machine = machineOf([pool], [nodeOf(0, G)])
const rooms = [{ available: 20n * M, leave: 4n * M }]
const asked = (text: string, requested?: bigint) => ({
  pool,
  count: parseCount(text),
  before: 3n,
  requested,
  nodes: [0],
})

const number = (requested: bigint | undefined, keepGoing: boolean, on = rooms, leave?: bigint) =>
  fittingNumber(
    machine,
    { keepGoing, ...(leave !== undefined && { leave }) },
    on,
    asked(requested === undefined ? 'max' : `${requested}`, requested),
  )

// 2 pages of surplus become persistent, and 16 MiB hold 8 more.
t.test('what fits is the number', async (t) => {
  for (const keepGoing of [false, true]) {
    t.strictSame(number(13n, keepGoing), { requested: 13n })
    t.strictSame(number(undefined, keepGoing), { requested: 13n })
  }
})

t.test('what does not fit is refused, or cut where the call keeps going', async (t) => {
  t.throws(() => number(14n, false), { code: 'E_REFUSED', reason: 'margin' })
  const { requested, leftOut } = number(14n, true)
  t.equal(requested, 13n)
  t.hasStrict(leftOut, { size: 2n * M, requested: 14n, planned: 13n })
  t.hasStrict(leftOut?.error, { code: 'E_REFUSED', reason: 'margin' })
})

t.test('where memory is not known, nothing is asked of the kernel', async (t) => {
  t.throws(() => number(14n, false, []), { code: 'E_UNSUPPORTED', reason: 'not-shown' })
  for (const count of [14n, undefined]) {
    const { requested, leftOut } = number(count, true, [])
    t.equal(requested, 3n)
    t.notOk(leftOut && 'planned' in leftOut)
    t.hasStrict(leftOut?.error, { code: 'E_UNSUPPORTED', reason: 'not-shown' })
  }
})

t.test('with no margin the kernel is to try', async (t) => {
  t.strictSame(number(99n, true, rooms, 0n), { requested: 99n })
})
