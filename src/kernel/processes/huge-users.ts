import type { HugeUser } from '../../model/processes/huge-user.ts'
import { nameInStatus, processName } from '../../model/processes/process-name.ts'
import { processesAmong } from '../process-list.ts'
import { kilobytesIn, readStatus, statusLine } from '../process-status.ts'
import type { Tree } from '../tree.ts'

const userOf = (tree: Tree, pid: string): HugeUser | undefined => {
  const status = readStatus(tree, pid)
  const bytes = kilobytesIn(status, 'HugetlbPages')
  if (bytes === undefined || bytes === 0n) return undefined
  const name = statusLine(status, 'Name')
  const command = name === undefined ? '?' : processName(nameInStatus(name))
  return { pid: Number(pid), command, bytes }
}

/** Who has huge pages mapped, this process left out; a process may be gone while it is read. */
export const readHugeUsers = (tree: Tree, self: number | undefined): readonly HugeUser[] =>
  processesAmong(tree.list('/proc'))
    .filter((pid) => Number(pid) !== self)
    .flatMap((pid) => {
      try {
        return userOf(tree, pid) ?? []
      } catch {
        return []
      }
    })
