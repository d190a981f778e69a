import type { HugeUser } from '../../model/processes/huge-user.ts'
import type { Tree } from '../tree.ts'
import { readIfPresent } from '../values.ts'

const userOf = (tree: Tree, pid: string): HugeUser | undefined => {
  const text = readIfPresent(tree, `/proc/${pid}/status`) ?? ''
  const kilobytes = /^HugetlbPages:\s+(\d+) kB$/m.exec(text)?.[1]
  if (kilobytes === undefined || kilobytes === '0') return undefined
  const command = /^Name:\s+(.*)$/m.exec(text)?.[1] ?? '?'
  return { pid: Number(pid), command, bytes: BigInt(kilobytes) * 1024n }
}

/** Who has huge pages mapped, this process left out; a process may be gone while it is read. */
export const readHugeUsers = (tree: Tree, self: number | undefined): readonly HugeUser[] =>
  tree
    .list('/proc')
    .filter((name) => /^[1-9]\d*$/.test(name) && Number(name) !== self)
    .flatMap((pid) => {
      try {
        return userOf(tree, pid) ?? []
      } catch {
        return []
      }
    })
