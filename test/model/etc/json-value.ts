import t from 'tap'
import { jsonIn } from '../../../src/model/etc/json-value.ts'

t.test('what a text says, or nothing', async (t) => {
  t.strictSame(jsonIn('{"a":[1,null]}\n'), { a: [1, null] })
  t.strictSame(jsonIn('"a"'), 'a')
  for (const text of ['', '{', '{"a":1}x', "{'a':1}"]) t.equal(jsonIn(text), undefined, text)
})
