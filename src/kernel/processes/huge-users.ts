import type { HugeUser } from '../../model/processes/huge-user.ts'
import { isShortage } from '../errno.ts'
import { processesAmong } from '../process-list.ts'
import { commandIn, kilobytesIn, readStatus } from '../process-status.ts'
import type { Tree } from '../tree.ts'

const userOf = (tree: Tree, pid: string): HugeUser | undefined => {
  const status = readStatus(tree, pid)
  const bytes = kilobytesIn(status, 'HugetlbPages')
  if (bytes === undefined || bytes === 0n) return undefined
  return { pid: Number(pid), command: commandIn(status), bytes }
}

/**
 * The processes other than `ownPid` that have huge pages mapped. A process that cannot be read, for
 * example because it has just ended, is left out.
 */
export const readHugeUsers = (tree: Tree, ownPid: number | undefined): readonly HugeUser[] =>
  processesAmong(tree.list('/proc'))
    .filter((pid) => Number(pid) !== ownPid)
    .flatMap((pid) => {
      try {
        return userOf(tree, pid) ?? []
      } catch (error) {
        if (isShortage(error)) throw error
        return []
      }
    })
