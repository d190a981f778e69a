import t from 'tap'
import type { CompletionFacts } from '../../../src/cli/completion/candidates.ts'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { fileMark } from '../../../src/cli/completion-scripts.ts'

const facts: CompletionFacts = {
  sizes: () => [2n ** 21n],
  defaultSize: () => 2n ** 21n,
  nodes: () => [0, 1],
  mounts: () => ['/mnt/huge'],
}

const texts = (line: string): readonly string[] =>
  candidatesFor(line.split(' '), facts).map(({ text }) => text)

t.test('operands and options of cp', async (t) => {
  t.strictSame(texts('c'), ['cp', 'check', 'completion'])
  t.strictSame(texts('cp '), [fileMark])
  t.strictSame(texts('cp /tmp/a /m'), [fileMark])
  t.strictSame(texts('cp - /m'), [fileMark])
  t.strictSame(texts('cp a b '), [], 'there is no third')
  t.strictSame(texts('cp --node '), ['0', '1', 'all'])
  t.strictSame(texts('cp --v'), ['--verify', '--version'])
  t.strictSame(texts('cp --force --f'), [])
  t.strictSame(texts('cp -o P'), ['PAGES', 'PAGE-SIZE'])
})
