import { readGroupLimits } from '../kernel/hugetlb-cgroup.ts'
import { readAllowedNodes } from '../kernel/nodes.ts'
import type { Pages } from '../model/count.ts'
import type { Circumstances } from '../model/fault-facts.ts'
import type { MappingPart } from '../model/mapping-plan.ts'
import type { Source } from './mapping-source.ts'
import type { MappingTest } from './mapping-test.ts'

/** What was asked for when the kernel refused. */
export interface Asked {
  readonly part: MappingPart
  readonly source: Source
  /** Pages that were still wanted. */
  readonly wanted: Pages
  /** The page of the part that was refused; absent for a whole mapping. */
  readonly page?: Pages
}

/** What can be seen of the machine now, before anything is given back. */
export const lookAround = (test: MappingTest, asked: Asked): Circumstances => {
  const { mapper, plan, ports, log } = test
  const { part, source, wanted, page } = asked
  const { descriptor, isFile, place } = source
  const allowedNodes = readAllowedNodes(ports.tree)
  const free = isFile && descriptor !== undefined ? mapper.freeBytes(descriptor) : undefined
  const bytes =
    isFile && descriptor !== undefined && page !== undefined
      ? mapper.fileBytes(descriptor)
      : undefined
  return {
    size: plan.size,
    pool: log.look(),
    noreserve: plan.noreserve,
    wanted,
    limits: readGroupLimits(ports.tree, plan.size),
    ...(part.policy && { policy: part.policy }),
    ...(allowedNodes && { allowedNodes }),
    ...(place !== undefined && { mount: { target: place, ...(free !== undefined && { free }) } }),
    ...(bytes !== undefined && { file: { bytes, needed: ((page ?? 0n) + 1n) * plan.size } }),
  }
}
