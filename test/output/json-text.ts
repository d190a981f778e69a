import t from 'tap'
import type { Json } from '../../src/model/json.ts'
import { jsonText } from '../../src/output/json-text.ts'
import { parseExact } from '../helpers/json.ts'
import * as fc from '../helpers/property.ts'

t.test('counts keep all their digits', async (t) => {
  t.equal(
    jsonText({ a: 18446744073709551615n, b: -1n, c: 0n }),
    '{"a":18446744073709551615,"b":-1,"c":0}',
  )
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 64n), 2n ** 64n), (count) => jsonText([count]) === `[${count}]`),
  )
})

t.test('what is undefined is left out, what is false, 0 or empty is not', async (t) => {
  t.equal(
    jsonText({ a: undefined, b: false, c: 0, d: '', e: [], f: {}, g: { h: undefined } }),
    '{"b":false,"c":0,"d":"","e":[],"f":{},"g":{}}',
  )
})

t.test('text is quoted', async (t) => {
  t.equal(jsonText({ 'a"': 'b\n\u001b"\\' }), '{"a\\"":"b\\n\\u001b\\"\\\\"}')
})

t.test('a terminal has nothing to obey', async (t) => {
  t.equal(jsonText({ '\u202e': '\u009b\u007f' }), '{"\\u202e":"\\u009b\\u007f"}')
})

t.test('any document is JSON and says the same', async () => {
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z"\\]{1,5}$/), tie('value'), { maxKeys: 3 }),
    ),
  }))
  fc.assert(fc.property(value, (document) => jsonText(document) === JSON.stringify(document)))
})

t.test('what is printed is read back with all its digits', async (t) => {
  const document = {
    version: 1,
    pools: [{ pageSize: 2097152n, overcommit: 2n ** 64n - 1n, nodes: [{ node: 0, free: 5n }] }],
  }
  t.strictSame(parseExact(jsonText(document)), document)
})

t.test('tests read numbers with all their digits, and text as it is', async (t) => {
  t.strictSame(parseExact('{"a":18446744073709551615,"b":[1,-2],"c":0.5,"version":1}'), {
    a: 18446744073709551615n,
    b: [1n, -2n],
    c: 0.5,
    version: 1,
  })
  const text = { message: 'as in 1G=0:2,1:2}, \\":3,' }
  t.strictSame(parseExact(jsonText(text)), text)
})
