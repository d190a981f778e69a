import { readStatus, statusLine } from '../../kernel/process-status.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import { readHoldings } from '../../kernel/processes/read-holdings.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { FaultFacts, Reason } from '../../model/mapping/reasons/fault-facts.ts'
import { lacksPages } from '../../model/mapping/reasons/obstacles.ts'
import { holdingAdvice } from '../../model/processes/holdings.ts'
import type { PageSize } from '../../model/words/page-size.ts'

/** Whether a process is one of those that share the mapping of this test. */
const isOurs = (tree: Tree, pid: number): boolean => {
  const parent = statusLine(readStatus(tree, `${pid}`), 'PPid')
  return parent !== undefined && Number(parent) === readPid(tree)
}

/** Says who holds pages of a size, and what gives back those that no process holds. */
export const adviceOnHolders = (tree: Tree, size: PageSize): readonly string[] => {
  const found = readHoldings(tree, size)
  const processes = found.processes.filter(({ pid }) => !isOurs(tree, pid))
  const openFiles = (found.openFiles ?? []).filter(({ pid }) => !isOurs(tree, pid))
  return holdingAdvice({ ...found, processes, openFiles })
}

/**
 * Adds to a reason who holds pages, where it is pages that are missing. To grow the pool is not the
 * only help: files that a program left keep theirs until they are deleted.
 */
export const withHolders = (
  tree: Tree,
  facts: FaultFacts,
  isMapped: boolean,
  reason: Reason,
): Reason =>
  lacksPages(facts, isMapped)
    ? { ...reason, advice: [...reason.advice, ...adviceOnHolders(tree, facts.size)] }
    : reason
