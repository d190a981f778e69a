import type { HugeUser } from '../../model/processes/huge-user.ts'
import { errnoOf, isShortage } from '../errno.ts'
import { processesAmong } from '../process-list.ts'
import { readStatus } from '../process-status.ts'
import type { Tree } from '../tree.ts'
import { pathlessNames } from './huge-areas.ts'
import { commandIn } from './huge-users.ts'

/** Whether a process has memory mapped that could be made of huge pages. */
const mayMap = (tree: Tree, pid: string, marks: readonly string[]): boolean => {
  try {
    const maps = tree.read(`/proc/${pid}/maps`)
    return marks.some((mark) => maps.includes(mark))
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
    return false
  }
}

/**
 * The processes, but those that are `known`, that have memory mapped which could be made of huge pages:
 * without a page so far they can only be found among their areas. `devices` are those of hugetlbfs
 * mounts, as /proc/PID/maps shows them. That file takes some 50 microseconds, and more where a process
 * has many areas.
 */
export const readPossibleReservers = (
  tree: Tree,
  known: ReadonlySet<number>,
  devices: readonly string[],
): readonly HugeUser[] => {
  const marks = [...pathlessNames, ...devices.map((device) => ` ${device} `)]
  return processesAmong(tree.list('/proc'))
    .filter((pid) => !known.has(Number(pid)) && mayMap(tree, pid, marks))
    .map((pid) => ({ pid: Number(pid), command: commandIn(readStatus(tree, pid)), bytes: 0n }))
}
