import { explain, type Meaning } from '../../kernel/errno.ts'
import type { Native } from '../../kernel/native/native.ts'
import { readCountersOf } from '../../kernel/pools/counters.ts'
import { readPool } from '../../kernel/pools/pools.ts'
import { idleSurplus, persistent } from '../../model/pools/machine.ts'
import { grows, type PoolStep, poolName } from '../../model/pools/pool-plan.ts'
import type { Pages } from '../../model/words/count.ts'
import { formatNodes } from '../../model/words/node-list.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import { type Policy, policyModes } from '../../model/words/policy.ts'
import { cpusetRefusal } from '../cpuset-refusal.ts'
import type { Ports } from '../ports.ts'

/**
 * The meaning of EINVAL for these attributes. A malformed value is not the cause, because the value
 * is always a plain number (mm/hugetlb_sysfs.c).
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

/** Writes a value in one write(2). Success does not tell how much of it the kernel did. */
export const writeStep = (ports: Ports, step: PoolStep, value: Pages): void => {
  try {
    writeUnderPolicy(ports, step, () => ports.tree.write(step.path, `${value}`))
  } catch (error) {
    throw explain(error, step.path, { EINVAL: refusedValue(step) })
  }
}

/**
 * Writes a node's value again, less the surplus of the other nodes, where the node ended above what
 * was asked for. Before 6.7 the kernel adds that surplus to what is written to a node's file
 * (mm/hugetlb.c, __nr_hugepages_store_common).
 */
export const correctNode = (ports: Ports, step: PoolStep): void => {
  if (step.node === undefined || step.attribute !== 'persistent') return
  const here = readCountersOf(ports.tree, step.size, step.node)
  const elsewhere = readCountersOf(ports.tree, step.size).surplus - here.surplus
  if (persistent(here) <= step.value || elsewhere <= 0n) return
  writeStep(ports, step, step.value > elsewhere ? step.value - elsewhere : 0n)
}

/**
 * Frees what a shrink of a whole pool turned into surplus although nobody uses it, as kernels before
 * 6.16 do beside surplus in use: all surplus becomes persistent and the count is set again. Then the
 * pages in use count as persistent ones, and the kernel frees the others.
 */
export const freeIdle = (ports: Ports, step: PoolStep): void => {
  const { size, node, attribute, policy } = step
  const isWhole = node === undefined && policy === undefined && attribute === 'persistent'
  if (!isWhole || grows(step)) return
  const pool = readPool(ports.tree, size, [])
  const idle = idleSurplus(pool)
  if (idle === 0n) return
  writeStep(ports, step, pool.total)
  writeStep(ports, step, step.value)
  const pages = plural(idle, 'free page')
  ports.note(
    `${poolName(step)}: ${pages} had become surplus: surplus was made persistent and set again`,
  )
}
