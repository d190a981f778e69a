import { explain, type Meaning } from '../../kernel/errno.ts'
import type { Native } from '../../kernel/native/native.ts'
import { readCountersOf } from '../../kernel/pools/counters.ts'
import { persistent } from '../../model/pools/machine.ts'
import type { PoolStep } from '../../model/pools/pool-plan.ts'
import { atLeastNone, fewer, type Pages } from '../../model/words/count.ts'
import { formatNodes } from '../../model/words/node-list.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { type Policy, policyModes } from '../../model/words/policy.ts'
import { cpusetRefusal } from '../cpuset-refusal.ts'
import type { Ports } from '../ports.ts'

/**
 * Tells the meaning of EINVAL for these attributes. A malformed value is not the cause, because the
 * value is always a plain number (mm/hugetlb_sysfs.c).
 */
export const refusedValue = (step: PoolStep): Meaning => {
  const size = formatSize(step.size)
  return step.attribute === 'overcommit'
    ? {
        code: 'E_UNSUPPORTED',
        reason: 'no-feature',
        words: `the kernel allows no overcommit of ${size} pages (EINVAL)`,
        hint: 'overcommit of gigantic pages exists from Linux 6.19 on; resize makes persistent ones',
      }
    : {
        code: 'E_UNSUPPORTED',
        reason: 'no-feature',
        words: `the kernel cannot change the number of ${size} pages while it runs (EINVAL)`,
        hint: `set it on the kernel command line: hugepagesz=${size} hugepages=N`,
      }
}

const setPolicy = (native: Native, { mode, nodes }: Policy): void => {
  try {
    native.setMempolicy(policyModes[mode], nodes)
  } catch (error) {
    const what = `memory policy ${mode}:${formatNodes(nodes)}`
    throw explain(error, what, { EINVAL: cpusetRefusal('nodes') })
  }
}

const writeUnderPolicy = (ports: Ports, step: PoolStep, write: () => void): void => {
  if (step.policy === undefined) {
    write()
    return
  }
  const native = ports.native()
  const { mode, nodes } = native.getMempolicy()
  setPolicy(native, step.policy)
  try {
    write()
  } finally {
    native.setMempolicy(mode, nodes)
  }
}

const written = (step: PoolStep, elsewhere: Pages): Pages => atLeastNone(step.value - elsewhere)

const surplusElsewhere = ({ tree }: Ports, { size, node }: PoolStep): Pages =>
  readCountersOf(tree, size).surplus - readCountersOf(tree, size, node).surplus

/** Writes a value in one write(2). Success does not tell how much of it the kernel did. */
export const writeStep = (ports: Ports, step: PoolStep, value: Pages): void => {
  try {
    writeUnderPolicy(ports, step, () => ports.tree.write(step.path, `${value}`))
  } catch (error) {
    throw explain(error, step.path, { EINVAL: refusedValue(step) })
  }
}

/**
 * Writes the value of a node again where the kernel has added the surplus of the other nodes to it
 * (see `setPages`).
 */
export const correctNode = (ports: Ports, step: PoolStep): void => {
  if (step.node === undefined || step.attribute !== 'persistent') return
  const elsewhere = surplusElsewhere(ports, step)
  if (elsewhere <= 0n) return
  if (persistent(readCountersOf(ports.tree, step.size, step.node)) <= step.value) return
  writeStep(ports, step, written(step, elsewhere))
}

/**
 * Writes the value of a step that grows nothing. Before 6.7 the kernel adds the surplus of the
 * other nodes to what is written to a node's file (mm/hugetlb.c, __nr_hugepages_store_common), so a
 * node that ended above what was asked for is written again, less that surplus. Where the sum would
 * make the node grow, the value less the surplus is written first, and the value itself follows on
 * a kernel that does not add. No page of the node is free by then, so neither write takes or frees
 * one.
 */
export const setPages = (ports: Ports, step: PoolStep): void => {
  if (step.node === undefined || step.attribute !== 'persistent') {
    writeStep(ports, step, step.value)
    return
  }
  const pages = (): Pages => persistent(readCountersOf(ports.tree, step.size, step.node))
  const elsewhere = surplusElsewhere(ports, step)
  const isLess = step.makesSurplus === true && step.value + elsewhere > pages()
  writeStep(ports, step, isLess ? written(step, elsewhere) : step.value)
  if (isLess && pages() < step.value) writeStep(ports, step, step.value)
  else if (!isLess) correctNode(ports, step)
}

/**
 * Turns surplus pages into persistent ones. Pages that have left since the plan was made are not
 * asked for, because the kernel would allocate others.
 */
export const convertSurplus = (ports: Ports, step: PoolStep): void => {
  const { total } = readCountersOf(ports.tree, step.size, step.node)
  writeStep(ports, step, step.policy === undefined ? fewer(step.value, total) : step.value)
}
