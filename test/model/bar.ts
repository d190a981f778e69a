import t from 'tap'
import { type Bar, type BarPart, barCells } from '../../src/model/bar.ts'
import { array, assert, bigInt, constant, integer, oneof, property } from '../helpers/property.ts'

const parts: readonly BarPart[] = ['inUse', 'reserved', 'free', 'available', 'surplus', 'elsewhere']

const barOf = (...amounts: readonly bigint[]): Bar =>
  amounts.map((amount, index) => ({ part: parts[index] ?? 'room', amount }))

const cellsOf = (width: number, ...amounts: readonly bigint[]): readonly number[] =>
  barCells(barOf(...amounts), width).map(({ cells }) => cells)

t.test('the parts of a bar keep their order and their names', async (t) => {
  t.strictSame(barCells(barOf(1n, 0n, 3n), 8), [
    { part: 'inUse', cells: 2 },
    { part: 'reserved', cells: 0 },
    { part: 'free', cells: 6 },
  ])
})

t.test('one page of 100,000 has a cell, and so have all but one', async (t) => {
  t.strictSame(cellsOf(20, 1n, 99_999n), [1, 19])
  t.strictSame(cellsOf(20, 99_999n, 1n), [19, 1])
  t.strictSame(cellsOf(20, 1n, 1n, 99_998n), [1, 1, 18])
  t.strictSame(cellsOf(300, 2n ** 64n, 1n), [299, 1])
})

t.test('what lost most by rounding gets the rest, of equals the first', async (t) => {
  t.strictSame(cellsOf(10, 1n, 2n), [3, 7])
  t.strictSame(cellsOf(10, 2n, 1n), [7, 3])
  t.strictSame(cellsOf(6, 7n, 3n), [4, 2])
  t.strictSame(cellsOf(9, 1n, 1n), [5, 4])
  t.strictSame(cellsOf(10, 1n, 1n, 1n), [4, 3, 3])
  t.strictSame(cellsOf(8, 1n, 1n, 1n), [3, 3, 2])
})

t.test('the first of the longest parts gives up a cell', async (t) => {
  t.strictSame(cellsOf(8, 500n, 500n, 1n), [3, 4, 1])
  t.strictSame(cellsOf(8, 300n, 700n, 1n, 1n), [2, 4, 1, 1])
})

t.test('where there is no room for all, none is shown twice', async (t) => {
  t.strictSame(cellsOf(2, 1n, 1n, 1n), [1, 1, 0])
  t.strictSame(cellsOf(2, 1n, 1n, 99_998n), [1, 0, 1])
  t.strictSame(cellsOf(0, 1n, 1n), [0, 0])
})

t.test('a bar of nothing has no cells', async (t) => {
  t.strictSame(cellsOf(20, 0n, 0n), [0, 0])
  t.strictSame(barCells([], 20), [])
})

const amounts = array(oneof(constant(0n), constant(1n), bigInt(0n, 1000n), bigInt(0n, 2n ** 64n)), {
  minLength: 1,
  maxLength: 6,
})

t.test('cells add up to the width, from 20 to 300 columns', async () => {
  assert(
    property(amounts, integer({ min: 20, max: 300 }), (all, width) => {
      const cells = cellsOf(width, ...all)
      const sum = cells.reduce((total, each) => total + each, 0)
      if (all.every((amount) => amount === 0n)) return sum === 0
      return sum === width && cells.every((each, index) => each > 0 === (all[index] ?? 0n) > 0n)
    }),
  )
})

t.test('a larger part never has fewer cells, nor one cell too many', async () => {
  assert(
    property(amounts, integer({ min: 20, max: 300 }), (all, width) => {
      const cells = cellsOf(width, ...all)
      const whole = all.reduce((sum, amount) => sum + amount, 0n)
      return all.every((amount, index) => {
        const own = cells[index] ?? 0
        const exact = whole === 0n ? 0 : Number((amount * BigInt(width) * 1000n) / whole) / 1000
        const fits = own <= Math.max(1, Math.ceil(exact + 0.001)) && own > exact - all.length
        return fits && all.every((other, at) => other <= amount || own <= (cells[at] ?? 0) + 1)
      })
    }),
  )
})
