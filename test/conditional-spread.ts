import t from 'tap'
import { complaints } from './helpers/lint.ts'

const rule = 'conditional-spread.grit'

t.test('spreads that only leave out what is undefined are found', async (t) => {
  const written = [
    'const a = { ...(b === undefined ? {} : { b }) }',
    'const a = { c, ...(b.d === undefined ? {} : { d: b.d }) }',
    'const a = { ...(b !== undefined && { b }) }',
    'const a = { ...(b !== undefined && { c: f(b) }), d }',
    'const a = { ...(b && { b }) }',
  ]
  t.strictSame(complaints(t, rule, written), [1, 2, 3, 4, 5])
})

t.test('others are left alone', async (t) => {
  const sound = [
    'const a = { ...present({ b }) }',
    'const a = { ...b }',
    'const a = { ...(isB && { c }) }',
    'const a = { ...(b !== undefined && f(b)) }',
    'const a = { ...(b === undefined || c ? {} : { b }) }',
    'const a = { ...(b.length > 0 && { b }) }',
    'const a = [...(b === undefined ? [] : [b])]',
  ]
  t.strictSame(complaints(t, rule, sound), [])
})
