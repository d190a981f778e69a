import t from 'tap'
import { countedPages } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorFacts } from '../../../src/model/doctor/doctor-facts.ts'
import { lookAtCpuset, lookAtNodes, lookAtPolicy } from '../../../src/model/doctor/node-checks.ts'
import type { FaultFacts } from '../../../src/model/mapping/reasons/fault-facts.ts'
import { knownPolicy, type SeenPolicy } from '../../../src/model/processes/task-policy.ts'
import type { Policy } from '../../../src/model/words/policy.ts'
import { present } from '../../../src/model/words/present.ts'
import { asking, mappings } from '../../helpers/doctor-facts.ts'

const on = (mode: Policy['mode'], ...nodes: readonly number[]) => ({ policy: { mode, nodes } })

/** A mapping of so many pages. */
const part = (pages: bigint, policy?: Policy) => present({ pages, threads: 1, policy })

t.test('pages of any node serve a mapping that is not bound', async (t) => {
  t.equal(lookAtNodes(asking('2M=11')), undefined)
  t.equal(lookAtNodes(asking('2M=11', {}, on('interleave', 1))), undefined)
})

t.test('a preferred node may lack pages', async (t) => {
  const found = (pages: number) => lookAtNodes(asking(`2M=${pages}`, {}, on('preferred', 1)))
  t.strictSame(found(4), { result: 'ok', has: countedPages(4n), needs: countedPages(4n) })
  t.strictSame(found(6), {
    result: 'warn',
    has: countedPages(4n),
    needs: countedPages(6n),
    why: '2 pages come from other nodes than node 1',
    hints: ["'hugepool resize 2M=1:+2' makes room there"],
  })
  t.equal(found(5)?.why, '1 page comes from other nodes than node 1')
})

t.test('a bound mapping needs the free pages of its nodes', async (t) => {
  t.strictSame(lookAtNodes(asking('2M=1:4')), {
    result: 'ok',
    has: countedPages(4n),
    needs: countedPages(4n),
  })
  t.strictSame(lookAtNodes(asking('2M=0:2,1:2')), {
    result: 'ok',
    has: countedPages(10n),
    needs: countedPages(4n),
  })
  t.strictSame(lookAtNodes(asking('2M=1:5')), {
    result: 'fail',
    has: countedPages(4n),
    needs: countedPages(5n),
    why: '4 free on node 1, to which the mapping is bound: 1 missing',
    hints: ["'hugepool resize 2M=1:+1' makes room there"],
    answer: '1 of 5 pages is missing on node 1',
  })
  t.strictSame(lookAtNodes(asking('2M=0:7,1:6')), {
    result: 'fail',
    has: countedPages(10n),
    needs: countedPages(13n),
    why:
      '6 free on node 0, to which the mapping is bound: 1 missing; ' +
      '4 free on node 1, to which the mapping is bound: 2 missing',
    hints: [
      "'hugepool resize 2M=0:+1' makes room there",
      "'hugepool resize 2M=1:+2' makes room there",
    ],
    answer: '1 of 13 pages is missing on node 0',
  })
})

t.test('mappings that are bound to one node take its pages from each other', async (t) => {
  const bound: Policy = { mode: 'bind', nodes: [1] }
  t.strictSame(lookAtNodes(mappings([part(3n, bound), part(3n, bound)])), {
    result: 'fail',
    has: countedPages(4n),
    needs: countedPages(6n),
    why: '1 free on node 1, to which the mapping is bound: 2 missing',
    hints: ["'hugepool resize 2M=1:+2' makes room there"],
    answer: '2 of 6 pages are missing on node 1',
  })
  t.strictSame(lookAtNodes(mappings([part(1n), part(3n, bound)])), {
    result: 'ok',
    has: countedPages(4n),
    needs: countedPages(4n),
  })
})

t.test('a cpuset binds as well', async (t) => {
  t.equal(lookAtNodes(asking('2M=7', { allowedNodes: [0, 1, 3] })), undefined)
  t.strictSame(lookAtNodes(asking('2M=6', { allowedNodes: [0] })), {
    result: 'ok',
    has: countedPages(6n),
    needs: countedPages(6n),
  })
  t.strictSame(lookAtNodes(asking('2M=7', { allowedNodes: [0] })), {
    result: 'fail',
    has: countedPages(6n),
    needs: countedPages(7n),
    why: '6 free on node 0, to which the cpuset confines it: 1 missing',
    hints: ["'hugepool resize 2M=0:+1' makes room there"],
    answer: '1 of 7 pages is missing on node 0',
  })
})

t.test('the nodes that were named have memory', async (t) => {
  t.equal(lookAtPolicy(asking('2M=4')), undefined)
  t.strictSame(lookAtPolicy(asking('2M=0:2,1:2', { memoryNodes: [0, 1] })), {
    result: 'ok',
    has: 'nodes 0-1',
    needs: 'bind:0-1',
  })
  t.strictSame(lookAtPolicy(asking('2M=4', {}, on('interleave', 1))), {
    result: 'ok',
    needs: 'interleave:1',
  })
  const bound: Policy = { mode: 'bind', nodes: [1] }
  t.strictSame(lookAtPolicy(mappings([part(1n), part(1n, bound), part(2n, bound)])), {
    result: 'ok',
    needs: 'bind:1',
  })
})

t.test('a cpuset that is not shown', async (t) => {
  t.equal(lookAtCpuset(asking('2M=4')), undefined)
  t.strictSame(lookAtCpuset(asking('2M=0:2,1:2')), {
    result: 'unknown',
    needs: 'nodes 0-1',
    why: 'no Mems_allowed_list is shown',
  })
})

t.test('a cpuset around mappings that name no node', async (t) => {
  const found = (...allowedNodes: readonly number[]) =>
    lookAtCpuset(asking('2M=4', { allowedNodes }))
  t.strictSame(found(0, 1, 3), { result: 'ok', has: 'nodes 0-1,3' })
  t.strictSame(found(0, 1), {
    result: 'ok',
    has: 'nodes 0-1',
    why: 'pages come from nodes 0-1 only',
  })
})

t.test('a cpuset has to leave a node to each mapping', async (t) => {
  const both = on('bind', 0, 1)
  const found = (assignment: string, allowedNodes: readonly number[], request = {}) =>
    lookAtCpuset(asking(assignment, { allowedNodes }, request))
  t.strictSame(found('2M=4', [0, 1, 3], both), {
    result: 'ok',
    has: 'nodes 0-1,3',
    needs: 'nodes 0-1',
  })
  t.strictSame(found('2M=4', [0], both), {
    result: 'warn',
    has: 'node 0',
    needs: 'nodes 0-1',
    why: 'the cpuset leaves node 0 of them',
  })
  t.equal(found('2M=4', [0, 3], both)?.why, 'the cpuset leaves node 0 of them')
  const refused = {
    result: 'fail',
    has: 'node 0',
    needs: 'nodes 0-1',
    why: 'the cpuset allows node 0 only',
    hints: ["'--node 0' names nodes that it allows"],
  }
  t.strictSame(found('2M=0:2,1:2', [0]), refused)
  t.strictSame(found('2M=1:4', [0]), { ...refused, needs: 'node 1' })
  t.strictSame(found('2M=0:2,1:2', [0, 1]), { result: 'ok', has: 'nodes 0-1', needs: 'nodes 0-1' })
})

/** Pages for a process that has a policy already. */
const under = (held: SeenPolicy, pages: Partial<FaultFacts> = {}): DoctorFacts => {
  const policy = knownPolicy(held)
  return { ...asking('2M=5', { ...pages, ...(policy && { policy }) }), held }
}

t.test('the policy that a process has', async (t) => {
  t.strictSame(lookAtPolicy(under({ words: 'default' })), { result: 'ok', has: 'default' })
  t.strictSame(lookAtPolicy(under({ words: 'interleave:0-1', ...on('interleave', 0, 1) })), {
    result: 'ok',
    has: 'interleave:0-1',
  })
  t.strictSame(lookAtPolicy(under({ words: 'bind=static:1', ...on('bind', 1) })), {
    result: 'ok',
    has: 'bind=static:1',
    why: 'pages come from node 1 only',
  })
  t.strictSame(lookAtPolicy(under({ unseen: 'it is not shown' })), {
    result: 'unknown',
    why: 'it is not shown',
  })
})

t.test('a process that is bound already needs the free pages of its nodes', async (t) => {
  const bound = { words: 'bind:1', ...on('bind', 1) }
  t.strictSame(lookAtNodes(under(bound)), {
    result: 'fail',
    has: countedPages(4n),
    needs: countedPages(5n),
    why: '4 free on node 1, to which the mapping is bound: 1 missing',
    hints: ["'hugepool resize 2M=1:+1' makes room there"],
    answer: '1 of 5 pages is missing on node 1',
  })
  t.strictSame(
    lookAtCpuset(under(bound, { allowedNodes: [0, 1, 3] })),
    { result: 'ok', has: 'nodes 0-1,3' },
    'the cpuset is not what confines it',
  )
  const preferring = { words: 'prefer:1', ...on('preferred', 1) }
  t.equal(lookAtNodes(under(preferring))?.result, 'warn')
})
