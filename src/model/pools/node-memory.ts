import { unsupported } from '../../errors.ts'
import type { Bytes } from '../words/bytes.ts'
import { countersOf, type Machine, memoryFor } from './machine.ts'
import type { ResolvedCount } from './pool-counts.ts'

/** Whether a count takes memory. For `max` that is not known yet, so it counts as taking some. */
const takesPages = ({ pool, node, before, requested }: ResolvedCount): boolean =>
  requested === undefined || requested > before + countersOf(pool, node).surplus

/**
 * Throws E_UNSUPPORTED where a node is to give memory and its own figures are not known. Those of
 * the whole machine say nothing about one of its nodes.
 */
export const checkNodeMemory = (
  machine: Machine,
  one: ResolvedCount,
  leave: Bytes | undefined,
): void => {
  const { node, requested } = one
  const kernelTries = leave === 0n && requested !== undefined
  if (node === undefined || kernelTries || !takesPages(one)) return
  if (machine.memory === undefined || memoryFor(machine, node) !== undefined) return
  throw unsupported(
    'not-shown',
    `the kernel does not say how much memory node ${node} has`,
    requested === undefined ? undefined : '--leave 0 lets the kernel try',
  )
}
