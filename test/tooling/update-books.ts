import t from 'tap'
import { brokenChain } from '../live/support/update-books.ts'
import { couldHaveDone, nothing, type Update } from '../live/support/update-draws.ts'

const at = (small: number) => ({ ...nothing, small })
/** One update that did so much and left so many pages. */
const deed = (done: number, after: number) => ({ done: at(done), after: at(after) })

t.test('updates that follow each other lead from the first number to the last', async (t) => {
  const deeds = [deed(3, 8), deed(5, 5), deed(-8, 0), deed(2, 2)]
  t.equal(brokenChain('small', deeds, at(0), at(2), nothing), undefined)
  t.equal(
    brokenChain('small', [deed(3, 3), deed(5, 5)], at(0), at(5), nothing),
    'small: 0 left 1, 3 left -1',
    'one that is lost leaves a number twice',
  )
  t.equal(
    brokenChain('small', [deed(2, 2), deed(5, 5), deed(-2, 3)], at(0), at(3), nothing),
    'small: 0 left 1, 2 left -1',
    'also where others make the end look right',
  )
})

t.test('a killed update is the one step that may be missing', async (t) => {
  const deeds = [deed(3, 3), deed(5, 12)]
  t.equal(brokenChain('small', deeds, at(0), at(12), at(4)), undefined)
  const broken = 'small: 3 left -1, 7 left 1'
  t.equal(brokenChain('small', deeds, at(0), at(12), nothing), broken, 'it did nothing')
  t.equal(brokenChain('small', deeds, at(0), at(12), at(3)), broken, 'it did something else')
})

t.test('what a killed update can have done', async (t) => {
  const update = { words: [], held: 0 }
  const grow: Update = { ...update, kind: 'grow', effect: at(4), inPart: true }
  const shrink: Update = { ...update, kind: 'shrink', effect: at(-4) }
  const demote: Update = { ...update, kind: 'demote', effect: { ...at(512), large: -1 } }
  const of = (one: Update, ...small: readonly number[]) =>
    small.map((pages) => couldHaveDone(one, at(pages)))
  t.strictSame(of(grow, -1, 0, 2, 4, 5), [false, true, true, true, false])
  t.strictSame(of(shrink, -5, -4, -2, 0, 1), [false, true, false, true, false])
  t.strictSame(of(demote, 0, 512), [true, false], 'both pools or none')
  t.ok(couldHaveDone(demote, { ...at(512), large: -1 }))
})
