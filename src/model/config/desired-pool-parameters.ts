import type { BootMachine } from '../boot/boot-machine.ts'
import { rulesOf } from '../boot/kernel-series.ts'
import { countOnLine } from '../boot/line-words.ts'
import type { PredictedPool } from '../boot/predict-boot.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import type { Count, Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { present } from '../words/present.ts'
import { sum } from '../words/sum.ts'
import type { ItemValue } from './config-item.ts'
import type { ConfiguredPool } from './configuration.ts'
import { configuredCount, poolKey } from './configured-assignments.ts'
import { poolOnLine } from './configured-line.ts'
import type { DesiredParameter } from './desired-parameter.ts'

/** The pages of a pool, by node where nodes are named. */
interface PoolPages {
  readonly count: Pages
  readonly nodes?: ReadonlyMap<NodeId, Pages>
}

const desiredPages = (assignment: Assignment, pool: ConfiguredPool): PoolPages => {
  const { counts } = assignment
  if (!namesNodes(assignment)) return { count: configuredCount(counts as Count, pool) }
  const nodes = new Map(
    assignment.counts.map(({ node, count }) => [node, configuredCount(count, pool)] as const),
  )
  return { count: sum(nodes.values()), nodes }
}

const pagesWord = ({ count, nodes }: PoolPages): ItemValue => {
  const some =
    nodes && new Map([...nodes].filter(([, pages]) => pages > 0n).sort(([a], [b]) => a - b))
  return some === undefined || some.size === 0 ? count : countOnLine({ count, nodes: some })
}

const predictedPages = (pool: PredictedPool | undefined): Required<PoolPages> => ({
  count: pool?.total ?? 0n,
  nodes: new Map(pool?.nodes.map(({ node, total }) => [node, total] as const)),
})

/**
 * Tells whether pages are those that are wanted. Where the sum is exactly as wanted, nodes that are
 * not named have none.
 */
const areWanted = (
  found: Required<PoolPages>,
  { count, nodes }: PoolPages,
  atLeast: boolean,
): boolean => {
  const enough = (has: Pages, wants: Pages) => (atLeast ? has >= wants : has === wants)
  const onNodes = [...(nodes ?? [])].every(([node, pages]) =>
    enough(found.nodes.get(node) ?? 0n, pages),
  )
  return enough(found.count, count) && onNodes
}

const poolParameter = (pool: ConfiguredPool, assignment: Assignment): DesiredParameter => {
  const { size, essential, pages } = pool
  const wanted = desiredPages(assignment, pool)
  const atLeast = pages?.atLeast === true
  return {
    named: present({
      attribute: 'boot' as const,
      size,
      key: poolKey(size, 'boot'),
      wanted: pagesWord(wanted),
      atLeast: atLeast ? true : undefined,
      essential,
    }),
    request: { assignments: [assignment] },
    compare: ({ told, series }) => {
      const found = predictedPages(told.pools.find((one) => one.size === size))
      // A kernel that takes no nodes on its line brings what is wanted where the sum of the pages
      // is right.
      const { nodeForm } = rulesOf(series)
      const isByNode = nodeForm && wanted.nodes !== undefined
      return {
        found: pagesWord(isByNode ? found : { count: found.count }),
        isSame: areWanted(found, isByNode ? wanted : { count: wanted.count }, atLeast),
      }
    },
  }
}

/**
 * Returns what the pools with `boot = true` want of a kernel command line. A size that the machine
 * lacks is left out: the item of its pages tells enough.
 */
export const desiredPoolParameters = (
  pools: readonly ConfiguredPool[],
  machine: BootMachine,
): readonly DesiredParameter[] =>
  pools.flatMap((pool) => {
    const assignment = machine.sizes.includes(pool.size) ? poolOnLine(pool, machine) : undefined
    return assignment === undefined ? [] : [poolParameter(pool, assignment)]
  })
