import t from 'tap'
import { errorsOf } from '../../../src/model/config/fault-errors.ts'

const positionOf = (path: readonly string[]) => ({
  file: '/x',
  ...(path.length > 0 ? { line: Number(path[0]) } : {}),
  key: path.join('.'),
})

t.test('faults in the order of their lines', async (t) => {
  const errors = errorsOf(
    [
      { path: ['12'], message: 'b', hint: 'mend it', reason: 'not-whole' },
      { path: ['2'], message: 'a' },
    ],
    positionOf,
  )
  t.strictSame(
    errors.map(({ message, hint, reason, code }) => [code, reason, message, hint]),
    [
      ['E_CONFIG', 'wrong-words', '/x:2: 2: a', undefined],
      ['E_CONFIG', 'not-whole', '/x:12: 12: b', 'mend it'],
    ],
  )
  t.strictSame(errorsOf([], positionOf), [])
})

t.test('of very many the first are told', async (t) => {
  const faults = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: [`${index + 1}`], message: 'm' }))
  t.equal(errorsOf(faults(10), positionOf).length, 10)
  t.strictSame(
    [11, 12].map((count) => errorsOf(faults(count), positionOf).at(-1)?.message),
    ['/x: 1 more fault', '/x: 2 more faults'],
  )
})

t.test('long messages are cut in the middle', async (t) => {
  const told = (length: number) =>
    errorsOf([{ path: ['1'], message: `a${'x'.repeat(length - 2)}b` }], positionOf)[0]?.message ??
    ''
  t.equal(told(300).length, '/x:1: 1: '.length + 300)
  t.match(told(301), /^\/x:1: 1: ax{149}\.\.\.x{149}b$/)
})
