import t from 'tap'
import { boundNodes, freeOn } from '../../../../src/model/mapping/reasons/fault-facts.ts'
import { availableNow } from '../../../../src/model/pools/machine.ts'
import { around } from '../../../helpers/fault-facts.ts'
import { small } from '../../../helpers/mapping-plan.ts'

t.test('nodes that pages have to come from', async (t) => {
  const bind = (...nodes: readonly number[]) => ({ mode: 'bind', nodes }) as const
  for (const [rest, nodes, why] of [
    [{}, undefined, 'all'],
    [{ policy: { mode: 'interleave', nodes: [0] } }, undefined, 'a wish, which binds nothing'],
    [{ policy: { mode: 'preferred', nodes: [0] } }, undefined, 'a preference'],
    [{ policy: bind(1) }, [1], 'a policy'],
    [{ policy: bind(0, 1), allowedNodes: [1, 3] }, [1], 'a policy in a cpuset'],
    [{ policy: bind(0, 1), allowedNodes: [0, 1, 3] }, [0, 1], 'a cpuset that allows all'],
    [{ policy: bind(0), allowedNodes: [1] }, [], 'a policy that the cpuset undoes'],
    [{ allowedNodes: [0, 1, 3] }, undefined, 'a cpuset of all nodes'],
    [{ allowedNodes: [0, 3] }, [0, 3], 'a cpuset'],
    [
      { allowedNodes: [0, 1], memoryNodes: [0, 1] },
      undefined,
      'a cpuset of all nodes that have memory',
    ],
    [{ allowedNodes: [0], memoryNodes: [0, 1] }, [0], 'a cpuset of one of them'],
    [{ allowedNodes: [0, 3], memoryNodes: [0, 1] }, [0], 'and of a node without memory'],
    [{ allowedNodes: [0], pool: { ...small, nodes: [] } }, undefined, 'a kernel without nodes'],
  ] as const)
    t.strictSame(boundNodes(around(rest)), nodes, why)
})

t.test('free pages of some nodes, and of all', async (t) => {
  t.equal(freeOn(small, []), 0n)
  t.equal(freeOn(small, [0]), 6n)
  t.equal(freeOn(small, [1, 0, 3, 9]), 10n)
  t.equal(availableNow({ ...small, reserved: 3n }), 7n)
  const { reserved, ...unknown } = small
  t.equal(availableNow(unknown), 10n)
  t.equal(reserved, 0n)
})
