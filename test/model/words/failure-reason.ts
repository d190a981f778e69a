import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { failureReasons } from '../../../src/model/words/failure-reason.ts'

const source = join(import.meta.dirname, '../../../src')

const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('/failure-reason.ts'))
  .map((name) => readFileSync(join(source, name), 'utf8'))

t.test('a reason is words in lower case, and has a meaning', async (t) => {
  for (const [reason, meaning] of Object.entries(failureReasons)) {
    t.match(reason, /^[a-z]+(-[a-z]+)*$/)
    t.match(meaning, /^[a-z]\w* .*[^.]$/i, reason)
  }
})

t.test('some failure has each of them', async (t) => {
  for (const reason of Object.keys(failureReasons))
    t.ok(
      texts.some((text) => text.includes(`'${reason}'`)),
      reason,
    )
})

t.test('an error is made with a reason only', async (t) => {
  // The compiler asks for one everywhere but at usage(), which has a usual one.
  for (const text of texts)
    t.notMatch(
      text,
      /new HugepoolError\(\s*(?:'E_[A-Z]+'|code|\w+\.code),\s*(?:`|message|\w+\.message)/,
    )
})
