import { nodesOfAreas } from '../who/area-nodes.ts'
import type { FoundArea, FoundPages } from '../who/found-pages.ts'
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

/**
 * Where those pages of files lie that some process has in its page table by a shared mapping, by the
 * files' keys. DPDK has a file and a mapping for every page, so that each is looked at once.
 */
export const nodesByFile = ({
  areas,
}: Pick<FoundPages, 'areas'>): ReadonlyMap<FileKey, readonly PagesOnNode[]> => {
  const shared = new Map<FileKey, FoundArea[]>()
  for (const area of areas) {
    if (area.isPrivate) continue
    const those = shared.get(area.key)
    if (those === undefined) shared.set(area.key, [area])
    else those.push(area)
  }
  const known = [...shared].map(([key, those]) => [key, nodesOfAreas(those)] as const)
  return new Map(known.filter(([, nodes]) => nodes.length > 0))
}
