import t from 'tap'
import { marksOf, portionEnd, touchSteps } from '../../../src/model/mapping/touch-steps.ts'
import * as fc from '../../helpers/property.ts'

t.test('after how many pages the counters are read', async (t) => {
  t.strictSame(marksOf(0n, true), [])
  t.strictSame(marksOf(5n, false), [5n])
  t.strictSame(marksOf(3n, true), [1n, 2n, 3n])
  t.equal(marksOf(64n, true).length, 64)
  const many = marksOf(65n, true)
  t.equal(many.length, 16)
  t.equal(many.at(-1), 65n)
})

t.test('cut where a mapping or a share ends', async (t) => {
  const parts = [3n, 2n]
  t.strictSame(touchSteps({ parts, touch: 4n, processes: 1, readOften: false }), [
    { part: 0, process: 0, from: 0n, to: 3n, upTo: 3n, counted: false },
    { part: 1, process: 0, from: 0n, to: 1n, upTo: 4n, counted: true },
  ])
  t.strictSame(
    touchSteps({ parts: [5n], touch: 5n, processes: 2, readOften: false }).map(
      ({ process, from, to, counted }) => [process, from, to, counted],
    ),
    [
      [0, 0n, 2n, true],
      [1, 2n, 5n, true],
    ],
  )
  t.strictSame(
    touchSteps({ parts: [1n], touch: 1n, processes: 3, readOften: false }).map(
      ({ process }) => process,
    ),
    [2],
    'fewer pages than processes',
  )
})

t.test('every page is touched once, by one process, in its mapping', async () => {
  const pages = fc.bigInt({ min: 1n, max: 40n })
  fc.assert(
    fc.property(
      fc.array(pages, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 100 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (parts, share, processes, readOften) => {
        const all = parts.reduce((sum, each) => sum + each, 0n)
        const touch = (all * BigInt(share)) / 100n
        const steps = touchSteps({ parts, touch, processes, readOften })
        const touched = steps.reduce((sum, { from, to }) => sum + (to - from), 0n)
        const inside = steps.every(
          ({ part, from, to }) => from >= 0n && from < to && to <= (parts[part] ?? 0n),
        )
        const ordered = steps.every(
          ({ upTo, from, to }, index) => upTo === (steps[index - 1]?.upTo ?? 0n) + to - from,
        )
        return touched === touch && inside && ordered
      },
    ),
  )
})

t.test('where the share of a process ends', async (t) => {
  const ends = [-1, 0, 1, 2].map((process) => portionEnd({ touch: 8n, processes: 3 }, process))
  t.strictSame(ends, [0n, 2n, 5n, 8n])
})
