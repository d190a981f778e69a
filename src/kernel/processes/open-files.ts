import { readdirSync, readlinkSync, statSync } from 'node:fs'
import type { OpenFileHolding } from '../../model/processes/holdings.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { errnoOf, isShortage } from '../errno.ts'
import { hugetlbfsAt } from '../mounts/hugetlbfs-statfs.ts'
import { processIds, readProcessName } from '../process-list.ts'
import { readOctets } from '../read-octets.ts'
import { heldBytes } from '../stat-blocks.ts'

/** Undefined where permission is missing, or where the process or the descriptor has gone. */
const ifSeen = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
    return undefined
  }
}

/** The ids of the hugetlbfs mounts that a process sees. */
const hugetlbfsIds = (directory: string): ReadonlySet<string> =>
  new Set(
    readOctets(`${directory}/mountinfo`)
      .split('\n')
      .filter((line) => / - hugetlbfs /.test(line))
      .flatMap((line) => /^\d+/.exec(line) ?? []),
  )

const isOn = (ids: ReadonlySet<string>, directory: string, name: string): boolean => {
  const id = /^mnt_id:\s*(\d+)$/m.exec(readOctets(`${directory}/fdinfo/${name}`))?.[1]
  return id !== undefined && ids.has(id)
}

interface OpenFile {
  readonly inode: bigint
  readonly path: string
  readonly bytes: bigint
}

/**
 * An open file of the size that no name leads to. Memfds and what lies on a hugetlbfs mount are asked,
 * and nothing else: a file on a server that does not answer would block.
 */
const openFile = (
  directory: string,
  name: string,
  ids: () => ReadonlySet<string>,
  size: PageSize,
): OpenFile | undefined => {
  const link = `${directory}/fd/${name}`
  const path = readlinkSync(link)
  if (!path.endsWith(' (deleted)')) return undefined
  if (!path.startsWith('/memfd:') && !isOn(ids(), directory, name)) return undefined
  if (hugetlbfsAt(link)?.bsize !== size) return undefined
  const { ino, blocks } = statSync(link, { bigint: true })
  return { inode: ino, path, bytes: heldBytes({ blocks }) }
}

const openIn = (directory: string, size: PageSize): readonly OpenFile[] => {
  let found: ReadonlySet<string> | undefined
  const ids = (): ReadonlySet<string> => {
    found ??= hugetlbfsIds(directory)
    return found
  }
  const names = ifSeen(() => readdirSync(`${directory}/fd`)) ?? []
  return names.flatMap((name) => ifSeen(() => openFile(directory, name, ids, size)) ?? [])
}

/**
 * The files without a name, memfds among them, that processes other than `ownPid` have open. They
 * keep their pages although nobody has them mapped. A file that several have open is told once.
 */
export const readOpenFiles = (
  proc: string,
  size: PageSize,
  ownPid: number | undefined,
): readonly OpenFileHolding[] => {
  const all = new Map<string, OpenFileHolding>()
  for (const id of processIds(proc).filter((each) => Number(each) !== ownPid))
    for (const { inode, path, bytes } of openIn(`${proc}/${id}`, size)) {
      const key = `${inode} ${path}`
      if (bytes < size || all.has(key)) continue
      const command = readProcessName(proc, id)
      all.set(key, { pid: Number(id), command, path, pages: bytes / size })
    }
  return [...all.values()]
}
