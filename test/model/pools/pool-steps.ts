import t from 'tap'
import { planResize } from '../../../src/model/pools/resize-plan.ts'
import type { SurplusRules } from '../../../src/model/pools/surplus-conversion.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Two nodes of ten free pages, of which so many are reserved. */
const machine = (reserved: bigint) =>
  machineOf(
    [
      poolOf(2n * M, {
        isDefault: true,
        total: 20n,
        free: 20n,
        reserved,
        nodes: [0, 1].map((node) => ({ node, total: 10n, free: 10n, surplus: 0n })),
      }),
    ],
    [nodeOf(0, 8n * G), nodeOf(1, 8n * G)],
  )

const before616 = { nodeFilesHeedSurplus: true, freesBesideSurplus: false }

const steps = (reserved: bigint, rules?: SurplusRules) =>
  planResize(machine(reserved), { assignments: [parseAssignment('2M=0:5,1:5')] }, rules).steps.map(
    ({ node, before, value, makesSurplus = false }) =>
      `node ${node}: ${before} to ${value}${makesSurplus ? ', as surplus' : ''}`,
  )

t.test('nodes together free no page that is reserved', async (t) => {
  const both = ['node 0: 10 to 5', 'node 1: 10 to 5']
  for (const rules of [undefined, before616]) {
    t.strictSame(steps(10n, rules), both, 'enough are left')
    t.strictSame(steps(15n, rules), ['node 0: 10 to 5', 'node 1: 10 to 5, as surplus'])
  }
  t.strictSame(steps(12n), both, 'one write does both on later kernels')
  t.strictSame(steps(12n, before616), [
    'node 0: 10 to 5',
    'node 1: 10 to 7',
    'node 1: 7 to 5, as surplus',
  ])
})
