import t from 'tap'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { fileMark } from '../../../src/cli/completion-scripts.ts'

const noFacts = { sizes: () => [], defaultSize: () => undefined, nodes: () => [], mounts: () => [] }

const offered = async (...words: readonly string[]) =>
  (await candidatesFor(words, noFacts)).map(({ text }) => text)

t.test('files, where a file is written', async (t) => {
  t.strictSame(await offered('metrics', '--output', ''), [fileMark])
  t.strictSame(await offered('metrics', '--output=/a'), [fileMark])
  t.strictSame(await offered('metrics', '-o', '/a'), [fileMark])
  t.strictSame(await offered('service', 'metrics', 'install', '--textfile', ''), [fileMark])
})

t.test('the formats, and nothing of a column', async (t) => {
  t.strictSame(await offered('metrics', '--format', ''), ['openmetrics', 'prometheus'])
  t.strictSame(await offered('metrics', '--listen', ''), [])
  t.strictSame(await offered('metrics', ''), [])
})
