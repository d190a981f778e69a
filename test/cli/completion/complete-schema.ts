import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { documentNames } from '../../../src/output/document-names.ts'

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

const offered = async (...words: readonly string[]) =>
  (await candidatesFor(words, noFacts)).map(({ text }) => text)

t.test('the documents that have a schema, one of them', async (t) => {
  t.strictSame(await offered('schema', ''), documentNames)
  t.strictSame(await offered('schema', 'co'), ['config', 'completion'])
  t.strictSame(await offered('schema', 'config', ''), [])
})
