import t from 'tap'
import type { CompletionFacts } from '../../../src/cli/completion/candidates.ts'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { fileMark } from '../../../src/cli/completion-scripts.ts'

const facts: CompletionFacts = {
  sizes: () => [2n ** 21n, 2n ** 30n],
  defaultSize: () => 2n ** 21n,
  nodes: () => [0, 1],
  mounts: () => ['/dev/hugepages', '/mnt/huge'],
}

const texts = (line: string): readonly string[] =>
  candidatesFor(line.split(' '), facts).map(({ text }) => text)

t.test('operands and values of options of test', async (t) => {
  t.strictSame(texts('test '), ['2M=', '1G=', 'default='])
  t.strictSame(texts('test 1G='), ['1G=0:', '1G=1:', '1G=max'])
  t.strictSame(texts('test --via '), ['anon', 'file', 'memfd', 'shm'])
  t.strictSame(texts('test --via=m'), ['--via=memfd'])
  t.strictSame(texts('test --mount /m'), ['/mnt/huge'])
  t.strictSame(texts('test --path '), [fileMark])
  t.strictSame(texts('test --path=/m'), [fileMark])
  t.strictSame(texts('test --node '), ['0', '1', 'all'])
  t.strictSame(texts('test 2M='), ['2M=0:', '2M=1:', '2M=max'])
  for (const whole of ['--path /x', '--processes 2', '--node 0', '--mempolicy bind:0'])
    t.strictSame(texts(`test ${whole} 2M=`), ['2M=max'], whole)
  t.strictSame(texts('test --mempolicy bind:'), ['bind:0', 'bind:1', 'bind:0-1'])
  t.strictSame(texts('test -o WH'), ['WHAT'])
})
