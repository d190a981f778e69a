import t from 'tap'
import type { CompletionFacts } from '../../../src/cli/completion/candidates.ts'
import { candidatesFor } from '../../../src/cli/completion/completion-text.ts'
import { fileMark } from '../../../src/cli/completion-scripts.ts'

const facts: CompletionFacts = {
  sizes: () => [2n ** 21n, 2n ** 30n],
  defaultSize: () => 2n ** 21n,
  nodes: () => [0, 1],
  mounts: () => ['/dev/hugepages', '/mnt/huge'],
  users: () => ['root', 'postgres', 'Pat'],
  groups: () => ['root', 'huge'],
  cgroups: () => ['/', '/system.slice', '/system.slice/a.service'],
}

const texts = async (line: string): Promise<readonly string[]> =>
  (await candidatesFor(line.split(' '), facts)).map(({ text }) => text)

t.test('operands and values of options of test', async (t) => {
  t.strictSame(await texts('test '), ['2M=', '1G=', 'default='])
  t.strictSame(await texts('test 1G='), ['1G=0:', '1G=1:', '1G=max'])
  t.strictSame(await texts('test --via '), ['anon', 'file', 'memfd', 'shm'])
  t.strictSame(await texts('test --via=m'), ['--via=memfd'])
  t.strictSame(await texts('test --mount /m'), ['/mnt/huge'])
  t.strictSame(await texts('test --path '), [fileMark])
  t.strictSame(await texts('test --path=/m'), [fileMark])
  t.strictSame(await texts('test --node '), ['0', '1', 'all'])
  t.strictSame(await texts('test 2M='), ['2M=0:', '2M=1:', '2M=max'])
  for (const whole of ['--path /x', '--processes 2', '--node 0', '--mempolicy bind:0'])
    t.strictSame(await texts(`test ${whole} 2M=`), ['2M=max'], whole)
  t.strictSame(await texts('test --mempolicy bind:'), ['bind:0', 'bind:1', 'bind:0-1'])
  t.strictSame(await texts('test -o WH'), ['WHAT'])
})

t.test('users, groups and cgroups', async (t) => {
  t.strictSame(await texts('test --user '), ['root', 'postgres', 'Pat'])
  t.strictSame(await texts('test --user p'), ['postgres'], 'names have a case')
  t.strictSame(await texts('test --user=P'), ['--user=Pat'])
  t.strictSame(await texts('test --group h'), ['huge'])
  t.strictSame(await texts('test --cgroup /s'), ['/system.slice', '/system.slice/a.service'])
  const { users: _, groups: __, cgroups: ___, ...without } = facts
  for (const name of ['user', 'group', 'cgroup'])
    t.strictSame(await candidatesFor(['test', `--${name}`, ''], without), [], name)
})
