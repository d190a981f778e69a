import t from 'tap'
import {
  knownPolicy,
  policyInNumaMaps,
  type SeenPolicy,
  taskPolicyIn,
} from '../../../src/model/processes/task-policy.ts'
import type { Policy } from '../../../src/model/words/policy.ts'

const policy = (mode: Policy['mode'], ...nodes: readonly number[]): Policy => ({ mode, nodes })

t.test('a policy as the kernel writes it', async (t) => {
  const table: readonly (readonly [string, Policy | undefined])[] = [
    ['default', undefined],
    ['local', undefined],
    ['bind', undefined],
    ['bind:0', policy('bind', 0)],
    ['bind:0-1,3', policy('bind', 0, 1, 3)],
    ['bind=static:1', policy('bind', 1)],
    ['bind=relative|balancing:0', policy('bind', 0)],
    ['prefer:1', policy('preferred', 1)],
    ['prefer (many):0-1', policy('preferred', 0, 1)],
    ['interleave:0-1', policy('interleave', 0, 1)],
    ['weighted interleave:0,2', policy('interleave', 0, 2)],
  ]
  for (const [words, known] of table)
    t.strictSame(
      [taskPolicyIn(words), taskPolicyIn(`${words} heap anon=1`)],
      [known, known].map((each) => ({ words, ...(each && { policy: each }) })),
      words,
    )
})

t.test('anything else is no policy', async (t) => {
  for (const text of ['', 'bound:0', 'a bind:0', 'bind:x', 'bind:1-0', 'defaults', 'default:'])
    t.equal(taskPolicyIn(text), undefined, text)
})

const area = (words: string, rest: string): string => `7f0000000000 ${words} ${rest}\n`

t.test('stack and heap show the policy of the process', async (t) => {
  const bound = { words: 'bind:0', policy: policy('bind', 0) }
  const stack = area('bind:0', 'stack anon=3 dirty=3 active=1 N0=3 kernelpagesize_kB=4')
  const table: readonly (readonly [string, SeenPolicy])[] = [
    [stack, bound],
    [area('bind:0', 'heap anon=3') + stack, bound],
    [area('interleave:0-1', 'anon=4 N0=2 N1=2') + stack, bound],
    [area('default', 'file=/lib/stack') + stack, bound],
    [area('default', 'stack'), { words: 'default' }],
    [
      area('prefer (many):0-1', 'heap'),
      { words: 'prefer (many):0-1', policy: policy('preferred', 0, 1) },
    ],
    [
      area('default', 'heap anon=3') + stack,
      { unseen: 'its stack and its heap have different policies' },
    ],
  ]
  for (const [text, seen] of table) t.strictSame(policyInNumaMaps(text), seen, text)
  const unseen = 'its numa_maps shows no policy of its stack and heap'
  for (const text of ['', area('bind:0', 'anon=4'), area('new', 'stack')])
    t.strictSame(policyInNumaMaps(text), { unseen }, text)
})

t.test('what is known of a policy', async (t) => {
  t.equal(knownPolicy(undefined), undefined)
  t.equal(knownPolicy({ unseen: 'why' }), undefined)
  t.equal(knownPolicy({ words: 'default' }), undefined)
  const bound = policy('bind', 1)
  t.strictSame(knownPolicy({ words: 'bind:1', policy: bound }), bound)
})
