import { objectionOf } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { idleSurplus } from '../../model/pools/idle-surplus.ts'
import {
  countersOf,
  findPool,
  type Machine,
  type Pool,
  persistent,
} from '../../model/pools/machine.ts'
import { settingNow } from '../../model/pools/pool-change.ts'
import {
  inOrder,
  type PoolPlan,
  type PoolSetting,
  type PoolStep,
  poolName,
  stepFor,
} from '../../model/pools/pool-plan.ts'
import { stepsThroughProc } from '../../model/pools/through-proc.ts'
import { fewer, type Pages } from '../../model/words/count.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import { formatSize, type PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { setPages } from './write-step.ts'

/** The result of putting the pools of a call back. */
export interface RestoredPools {
  readonly sizes: readonly string[]
  /** Messages about pools that could not be put back completely. */
  readonly short: readonly string[]
  /** Messages about new surplus pages that stay until they are no longer used. */
  readonly kept: readonly string[]
}

/**
 * Returns the numbers to put back: one for a pool, or one for each node where there are several,
 * because the spread over the nodes has to be put back as well.
 */
const settingsToRestore = (before: Machine, plan: PoolPlan): readonly PoolSetting[] => {
  const sizes = [...new Set(plan.settings.map(({ size }) => size))]
  const attribute = plan.settings[0]?.attribute ?? 'persistent'
  return sizes.flatMap((size): readonly PoolSetting[] => {
    const { nodes } = findPool(before, size)
    return nodes.length > 1 && attribute === 'persistent'
      ? nodes.map(({ node }) => ({ size, node, attribute }))
      : [{ size, attribute }]
  })
}

const stepsBack = (
  before: Machine,
  now: Machine,
  settings: readonly PoolSetting[],
): readonly PoolStep[] => {
  const steps = inOrder(
    settings.flatMap((setting) => {
      const was = settingNow(findPool(before, setting.size), setting)
      const is = settingNow(findPool(now, setting.size), setting)
      return was === is ? [] : [stepFor(setting, is, was)]
    }),
    // A node that grows takes its surplus first, so that the others can free pages again.
    new Set(settings.map(({ size }) => size)),
  )
  return stepsThroughProc(now.pools, steps)
}

/**
 * Plans steps that turn new surplus pages into persistent pages of the pool, which takes no memory.
 * They come before the nodes are set one by one, because before 6.7 surplus on other nodes distorts
 * what is written to a node's file.
 */
const stepsFromSurplus = (
  before: Machine,
  now: Machine,
  settings: readonly PoolSetting[],
): readonly PoolStep[] =>
  [...new Set(settings.filter(({ node }) => node !== undefined).map(({ size }) => size))].flatMap(
    (size) => {
      const was = findPool(before, size)
      const is = findPool(now, size)
      const pages = fewer(persistent(was), is.total)
      if (is.surplus <= was.surplus || pages <= persistent(is)) return []
      return [stepFor({ size, attribute: 'persistent' }, persistent(is), pages)]
    },
  )

const shortWords = (step: PoolStep): string => {
  const what = step.attribute === 'overcommit' ? ' overcommit' : ''
  return `${poolName(step)}${what} has ${step.before} instead of ${step.value}`
}

/** Returns the message of a failed write, so that the other pools are put back nevertheless. */
const tryStep = (ports: Ports, step: PoolStep): readonly string[] =>
  objectionOf(() => setPages(ports, step)).map(({ message }) => message)

/** Returns the surplus of a pool on each node, or of the whole pool without NUMA. */
const surplusByNode = (
  pool: Pool,
): readonly { readonly node?: NodeId; readonly surplus: Pages }[] =>
  pool.nodes.length > 0 ? pool.nodes : [{ surplus: pool.surplus }]

/** Writes messages about surplus that the kernel keeps, node by node. */
const surplusKept = (before: Machine, now: Machine, sizes: readonly PageSize[]) =>
  sizes.flatMap((size) => {
    const was = findPool(before, size)
    const is = findPool(now, size)
    const until = idleSurplus(is) > idleSurplus(was) ? 'that nobody uses' : 'until they are freed'
    return surplusByNode(is).flatMap(({ node, surplus }) => {
      const kept = surplus - countersOf(was, node).surplus
      return kept > 0n
        ? [`${poolName(present({ node, size }))} keeps ${kept} as surplus ${until}`]
        : []
    })
  })

/**
 * How often the steps are tried. One round may not be enough: a signal can cut a growing write
 * short, and surplus on other nodes can distort a write.
 */
const mostRounds = 4

/**
 * Puts every pool of a plan back to what it was before, node by node where there are several nodes.
 * Growing back may fall short like any growth, and `short` then says so.
 */
export const restore = (ports: Ports, before: Machine, plan: PoolPlan): RestoredPools => {
  const settings = settingsToRestore(before, plan)
  const sizes = [...new Set(settings.map(({ size }) => size))]
  const failures = new Set<string>()
  for (const step of stepsFromSurplus(before, readMachine(ports.tree), settings))
    for (const words of tryStep(ports, step)) failures.add(words)
  let steps = stepsBack(before, readMachine(ports.tree), settings)
  for (let round = 0; round < mostRounds && steps.length > 0; round += 1) {
    for (const step of steps) for (const words of tryStep(ports, step)) failures.add(words)
    steps = stepsBack(before, readMachine(ports.tree), settings)
  }
  return {
    sizes: sizes.map(formatSize),
    short: steps.length === 0 ? [] : [...steps.map(shortWords), ...failures],
    kept: surplusKept(before, readMachine(ports.tree), sizes),
  }
}
