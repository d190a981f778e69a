import type { FoundPages } from '../who/found-pages.ts'
import { nodesOfAreas } from '../who/nodes-of-pages.ts'
import type { FileKey, PagesOnNode } from '../who/page-hold.ts'
import { type FileUser, type Use, uses } from './huge-file.ts'

/** The users of every file, by its key. */
export type UsersByFile = ReadonlyMap<FileKey, readonly FileUser[]>

/** Whether one use says more than another. */
const isStronger = (one: Use, other: Use): boolean => uses.indexOf(one) < uses.indexOf(other)

/** Gathers who has each file mapped or open, one entry for a process: what it maps comes first. */
export const usersByFile = ({ areas, descriptors }: FoundPages): UsersByFile => {
  const found = new Map<FileKey, Map<number, FileUser>>()
  const add = (key: FileKey, { pid, command }: { pid: number; command: string }, use: Use) => {
    const those = found.get(key) ?? new Map<number, FileUser>()
    found.set(key, those)
    const before = those.get(pid)
    if (before === undefined || isStronger(use, before.use)) those.set(pid, { pid, command, use })
  }
  for (const { key, process } of areas) add(key, process, 'mapped')
  for (const { key, process, way } of descriptors)
    if (way === 'open file') add(key, process, 'open')
  return new Map([...found].map(([key, those]) => [key, [...those.values()]]))
}

/** Where those pages of a file lie that some process has in its page table by a shared mapping. */
export const nodesOfFile = (
  { areas }: FoundPages,
  key: FileKey,
): readonly PagesOnNode[] | undefined => {
  const shared = areas.filter((area) => area.key === key && !area.isPrivate)
  const nodes = nodesOfAreas(shared)
  return nodes.length === 0 ? undefined : nodes
}
