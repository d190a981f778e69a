import t from 'tap'
import {
  contiguousRuns,
  type Frame,
  placedOn,
  runsWords,
} from '../../../src/model/mapping/frames.ts'

const size = 2n ** 21n
const base = 4096n

const frames = (...numbers: readonly (bigint | undefined)[]): readonly Frame[] =>
  numbers.map((frame, page) => ({
    page: BigInt(page),
    address: 0n,
    ...(frame !== undefined && { frame }),
  }))

t.test('runs of neighbours in physical memory', async (t) => {
  t.strictSame(contiguousRuns(frames(), size, base), [])
  t.strictSame(contiguousRuns(frames(0x200n, 0x400n, 0xa00n, 0xc00n, 0xe00n), size, base), [
    { page: 0n, pages: 2n },
    { page: 2n, pages: 3n },
  ])
  t.strictSame(contiguousRuns(frames(0x400n, 0x200n), size, base)?.length, 2, 'downwards is no run')
  t.equal(contiguousRuns(frames(0x200n, undefined), size, base), undefined, 'one cannot be seen')
  const [first, , third] = frames(0x200n, 0x300n, 0x400n) as [Frame, Frame, Frame]
  t.equal(contiguousRuns([first, third], size, base)?.length, 2, 'a page between is missing')
})

t.test('said in words', async (t) => {
  t.equal(runsWords([{ page: 0n, pages: 1n }]), '1 physically contiguous run of 1 page')
  t.equal(runsWords([{ page: 0n, pages: 4n }]), '1 physically contiguous run of 4 pages')
  const many = Array.from({ length: 20 }, (_, index) => ({ page: BigInt(index), pages: 1n }))
  t.match(runsWords(many), /^20 physically contiguous runs of (1, ){16}\.\.\. pages$/)
})

t.test('pages by node', async (t) => {
  t.strictSame(placedOn([1, 0, 1, undefined]), [
    { node: 0, pages: 1n },
    { node: 1, pages: 2n },
  ])
  t.strictSame(placedOn([]), [])
})
