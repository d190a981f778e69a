import t from 'tap'
import { isReturned } from '../../../src/model/mapping/mapping-reading.ts'
import {
  mapWords,
  releaseWords,
  startWords,
  stayWords,
  touchWords,
} from '../../../src/model/mapping/mapping-words.ts'
import { available, type Pool } from '../../../src/model/pools/machine.ts'
import { small } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'

const few = fc.bigInt({ min: 0n, max: 30n })

/** Whatever a kernel counts, reservations below zero too, as from 6.12 on. */
const pools: fc.Arbitrary<Pool> = fc
  .record({
    free: few,
    used: few,
    surplus: few,
    overcommit: few,
    reserved: fc.option(fc.bigInt({ min: -5n, max: 30n }), { nil: undefined }),
  })
  .map(({ used, reserved, ...counters }) => {
    const { reserved: _, ...known } = small
    const total = counters.free + used
    return { ...known, ...counters, total, ...(reserved !== undefined && { reserved }) }
  })

const touched = fc
  .array(fc.bigInt({ min: 1n, max: 20n }), { minLength: 1, maxLength: 3 })
  .map((pages) => ({
    pages: pages.reduce((sum, each) => sum + each, 0n),
    placed: pages.map((each, node) => ({ node, pages: each })),
  }))

t.test('property: there are always words, and never a negative number in them', async () => {
  fc.assert(
    fc.property(pools, pools, touched, fc.boolean(), (before, after, moved, flag) => {
      const all = [
        startWords(before),
        mapWords(before, after, flag),
        mapWords(before, after, flag, true),
        touchWords(before, after, moved),
        releaseWords(before, after),
        releaseWords(before, after, 'file'),
      ]
      return all.every((words) => words.trim() !== '' && !/-\d|undefined|NaN/.test(words))
    }),
  )
})

t.test('property: of pages touched no more are faulted in or surplus than there are', async () => {
  fc.assert(
    fc.property(pools, pools, touched, (before, after, moved) => {
      const words = touchWords(before, after, moved)
      const numbers = [...words.matchAll(/(\d+)(?= of them)/g)].map(([digits]) => BigInt(digits))
      const said = BigInt(/^\d+/.exec(words)?.[0] ?? -1)
      return said === moved.pages && numbers.every((number) => number <= moved.pages)
    }),
  )
})

t.test('property: a reservation is of as many pages as were promised', async () => {
  fc.assert(
    fc.property(pools, few, few, (before, wanted, returned) => {
      if (before.reserved === undefined || wanted === 0n) return true
      const free = before.free + returned
      const after = { ...before, free, reserved: before.reserved + wanted }
      const there = available(before) ?? 0n
      const end = wanted > there ? '$' : ` of ${there} available$`
      return new RegExp(`^reserved ${wanted}${end}`).test(mapWords(before, after, false))
    }),
  )
})

t.test('property: all came back is said when it did, and only then', async () => {
  fc.assert(
    fc.property(pools, pools, (before, after) => {
      const words = releaseWords(before, after)
      const all = words.startsWith('all pages and reservations came back')
      const held = stayWords(before, after)
      return all === isReturned(before, after) && (all || held === '' || words.startsWith(held))
    }),
  )
  fc.assert(fc.property(pools, (pool) => /^all /.test(releaseWords(pool, { ...pool }, 'file'))))
})
