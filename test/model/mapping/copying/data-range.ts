import t from 'tap'
import { bytesIn, wholePageRanges } from '../../../../src/model/mapping/copying/data-range.ts'
import * as fc from '../../../helpers/property.ts'

t.test('ranges become the pages that they lie in', async (t) => {
  const pages = (...ranges: readonly (readonly [bigint, bigint])[]) =>
    wholePageRanges(
      ranges.map(([from, to]) => ({ from, to })),
      10n,
    ).map(({ from, to }) => [from, to])
  t.strictSame(pages(), [])
  t.strictSame(pages([3n, 4n]), [[0n, 10n]])
  t.strictSame(pages([3n, 4n], [7n, 12n]), [[0n, 20n]], 'they share a page')
  t.strictSame(pages([3n, 10n], [10n, 12n]), [[0n, 20n]], 'they follow each other')
  t.strictSame(pages([0n, 35n], [36n, 37n]), [[0n, 40n]], 'one is within the other')
  t.strictSame(pages([0n, 10n], [20n, 21n]), [
    [0n, 10n],
    [20n, 30n],
  ])
  t.equal(
    bytesIn([
      { from: 0n, to: 10n },
      { from: 20n, to: 21n },
    ]),
    11n,
  )
})

t.test('every byte lies in a page, and no page is in vain', async () => {
  const steps = fc.array(fc.tuple(fc.bigInt(0n, 50n), fc.bigInt(1n, 50n)), { maxLength: 20 })
  fc.assert(
    fc.property(steps, fc.bigInt(1n, 16n), (gaps, size) => {
      let at = 0n
      const ranges = gaps.map(([gap, length]) => {
        const from = at + gap
        at = from + length
        return { from, to: at }
      })
      const wanted = new Set(
        ranges.flatMap(({ from, to }) =>
          Array.from({ length: Number(to - from) }, (_, byte) => (from + BigInt(byte)) / size),
        ),
      )
      const pages = wholePageRanges(ranges, size)
      const apart = pages.every(
        ({ from }, index) => index === 0 || from > (pages[index - 1]?.to ?? from),
      )
      return apart && bytesIn(pages) === BigInt(wanted.size) * size
    }),
  )
})
