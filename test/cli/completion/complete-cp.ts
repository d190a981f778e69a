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

const texts = async (line: string): Promise<readonly string[]> =>
  (await candidatesFor(line.split(' '), facts)).map(({ text }) => text)

t.test('operands and options of cp', async (t) => {
  t.strictSame(await texts('c'), ['cp', 'check', 'completion'])
  t.strictSame(await texts('cp '), [fileMark])
  t.strictSame(await texts('cp /tmp/a /m'), [fileMark])
  t.strictSame(await texts('cp - /m'), [fileMark])
  t.strictSame(await texts('cp a b '), [], 'there is no third')
  t.strictSame(await texts('cp --node '), ['0', '1', 'all'])
  t.strictSame(await texts('cp --v'), ['--verify', '--version'])
  t.strictSame(await texts('cp --force --f'), [])
  t.strictSame(await texts('cp -o P'), ['PAGES', 'PAGE-SIZE'])
})
