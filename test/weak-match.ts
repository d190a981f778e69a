import t from 'tap'
import { complaints } from './helpers/lint.ts'

const rule = 'weak-match.grit'

t.test('comparisons that cannot fail are found', async (t) => {
  const weak = [
    't.match(a, { b: [] })',
    "t.match(a, { b: [{ c: [] }] }, 'words')",
    't.match(a, [])',
    "t.match(a, { b: 'done' })",
    "t.match(a, [{ b: { c: 'done' } }], 'words')",
  ]
  t.strictSame(complaints(t, rule, weak), [1, 2, 3, 4, 5])
})

t.test('others are left alone', async (t) => {
  const sound = [
    't.match(a, /done/)',
    "t.match(a, 'part of a text')",
    't.match(f([]), { b: /done/, c: 3n }, `words`)',
    "t.hasStrict(a, { b: 'done' })",
    't.strictSame(a, [])',
  ]
  t.strictSame(complaints(t, rule, sound), [])
})
