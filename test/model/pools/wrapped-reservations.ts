import t from 'tap'
import { wrappedReservationWords } from '../../../src/model/pools/wrapped-reservations.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

t.test('a count of reservations below zero is told with its pool', async (t) => {
  t.strictSame(wrappedReservationWords(poolOf(size, { reserved: -1n })), [
    "2M: the kernel's count of reserved pages is below zero, a flaw of the kernel; available counts it as 0",
  ])
})

t.test('any other count is not', async (t) => {
  for (const reserved of [0n, 1n])
    t.strictSame(wrappedReservationWords(poolOf(size, { reserved })), [])
  const { reserved, ...unknown } = poolOf(size)
  t.strictSame(wrappedReservationWords(unknown), [], 'nor one that a node does not have')
  t.equal(reserved, 0n)
})
