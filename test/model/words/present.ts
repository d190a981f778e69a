import t from 'tap'
import { present, unlessEmpty } from '../../../src/model/words/present.ts'
import * as fc from '../../helpers/property.ts'

interface Sample {
  readonly name: string
  readonly size?: bigint
  readonly words?: readonly string[]
}

const sample = (size: bigint | undefined, words: readonly string[] | undefined): Sample =>
  present({ name: 'one', size, words })

t.test('a key whose value is undefined is left out', async (t) => {
  t.strictSame(Object.keys(sample(undefined, undefined)), ['name'])
  t.strictSame(sample(5n, undefined), { name: 'one', size: 5n })
})

t.test('what is empty, zero, false or null is there', async (t) => {
  const values = { zero: 0n, none: 0, no: false, nothing: null, text: '', list: [] }
  t.strictSame(present(values), values)
  t.not(present(values), values, 'a copy')
})

t.test('the type knows which keys can be missing', async (t) => {
  const size = t.name === '' ? undefined : 5n
  const made = present({ kind: 'one', size: size as bigint | undefined })
  const kind: 'one' = made.kind
  t.equal(kind, 'one')
  // @ts-expect-error The size may be missing.
  const sure: bigint = made.size
  t.equal(sure, 5n)
  // @ts-expect-error A key that has to be there is not made from what can be undefined.
  const whole: { readonly size: bigint } = made
  t.equal(whole.size, 5n)
})

t.test('the order and the values of all other keys stay', async () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.option(fc.nat(), { nil: undefined })), (values) => {
      const kept = Object.keys(values).filter((key) => values[key] !== undefined)
      const found = present(values)
      return (
        JSON.stringify(Object.entries(found)) ===
        JSON.stringify(kept.map((key) => [key, values[key]]))
      )
    }),
  )
})

t.test('an empty list is left out', async (t) => {
  t.strictSame([unlessEmpty([]), unlessEmpty([0n])], [undefined, [0n]])
})
