import t from 'tap'
import { settle } from '../../src/kernel/settle.ts'

/** Gives these readings one after the other, the last one again and again, and counts. */
const readings = (...numbers: readonly number[]) => {
  let read = 0
  return {
    count: () => read,
    next: () => {
      const value = numbers[Math.min(read, numbers.length - 1)] ?? 0
      read += 1
      return { texts: [`${value}`], parse: () => value }
    },
  }
}

const always = () => true

t.test('two readings that agree are enough', async (t) => {
  const source = readings(5)
  t.strictSame(settle(source.next, always), { value: 5, settled: true })
  t.equal(source.count(), 2)
})

t.test('one that is proven is enough, if it is the first', async (t) => {
  const first = readings(5, 6)
  const proven = () => ({ ...first.next(), isProven: () => true })
  t.strictSame(settle(proven, always), { value: 5, settled: true })
  t.equal(first.count(), 1)
  const second = readings(5, 6, 7, 7)
  const late = () => ({ ...second.next(), isProven: () => second.count() > 1 })
  t.strictSame(settle(late, always), { value: 7, settled: true })
})

t.test('it reads until two in a row agree', async (t) => {
  const source = readings(1, 2, 1, 3, 3, 4)
  t.strictSame(settle(source.next, always), { value: 3, settled: true })
  t.equal(source.count(), 5)
})

t.test('a reading with more files does not agree', async (t) => {
  const texts = [['1'], ['1', '2'], ['1', '2']]
  let read = 0
  const next = () => {
    const value = read
    read += 1
    return { texts: texts[value] ?? [], parse: () => value }
  }
  t.strictSame(settle(next, always), { value: 2, settled: true })
})

t.test('sixteen readings are the most', async (t) => {
  const source = readings(...Array.from({ length: 40 }, (_, index) => index))
  t.strictSame(settle(source.next, always), { value: 15, settled: false })
  t.equal(source.count(), 16)
})

t.test('the sixteenth reading can still agree', async (t) => {
  const source = readings(...Array.from({ length: 15 }, (_, index) => index), 14)
  t.strictSame(settle(source.next, always), { value: 14, settled: true })
  t.equal(source.count(), 16)
})

t.test('where none agree the last plausible one stands', async (t) => {
  const source = readings(...Array.from({ length: 40 }, (_, index) => index))
  t.strictSame(
    settle(source.next, (value) => value % 7 === 0),
    { value: 14, settled: false },
  )
  const none = readings(...Array.from({ length: 40 }, (_, index) => index))
  t.equal(settle(none.next, () => false).settled, false)
})
