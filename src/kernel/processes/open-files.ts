import { readdirSync, readlinkSync, statSync } from 'node:fs'
import type { OpenFileHolding } from '../../model/processes/holdings.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { errnoOf, isShortage } from '../errno.ts'
import { hugetlbfsAt } from '../mounts/hugetlbfs-statfs.ts'
import { readNamespaces } from '../mounts/mount-device.ts'
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

/** The types of all mounts that some table shows, by their ids, which no two mounts share. */
type TypesOfMounts = ReadonlyMap<number, string>

/** Reads every visible table once, as soon as one file has to be looked up. */
const typesOfMounts = (proc: string): (() => TypesOfMounts) => {
  let found: TypesOfMounts | undefined
  return () => {
    found ??= new Map(
      readNamespaces(proc).flatMap(({ lines }) => lines.map(({ id, type }) => [id, type] as const)),
    )
    return found
  }
}

/** Files of the kernel's own mounts, which are in no table, and of devices: they are not looked up. */
const ofKernel = /^\/(?:dmabuf:|secretmem\b|dev\/)/

interface OpenFile {
  /** The inode, or the id of the mount where the file is not asked. */
  readonly key: string
  readonly path: string
  /** Absent for a file of a mount that no table shows. */
  readonly bytes?: bigint
}

const asked = (link: string, path: string, size: PageSize): OpenFile | undefined => {
  if (hugetlbfsAt(link)?.bsize !== size) return undefined
  const { ino, blocks } = statSync(link, { bigint: true })
  return { key: `${ino}`, path, bytes: heldBytes({ blocks }) }
}

/**
 * An open file of the size that no name leads to. Memfds and what lies on a hugetlbfs mount are asked,
 * and nothing else: a file on a server that does not answer would block, and a mount that no table
 * shows may be one of such a server, which somebody has detached for that.
 */
const openFile = (
  directory: string,
  name: string,
  types: () => TypesOfMounts,
  size: PageSize,
): OpenFile | undefined => {
  const link = `${directory}/fd/${name}`
  const path = readlinkSync(link)
  if (path.startsWith('/memfd:')) return asked(link, path, size)
  if (!path.startsWith('/') || ofKernel.test(path)) return undefined
  const id = /^mnt_id:\s*(\d+)$/m.exec(readOctets(`${directory}/fdinfo/${name}`))?.[1]
  if (id === undefined) return undefined
  const type = types().get(Number(id))
  if (type === undefined) return { key: `mount ${id}`, path }
  return type === 'hugetlbfs' && path.endsWith(' (deleted)') ? asked(link, path, size) : undefined
}

const openIn = (
  directory: string,
  size: PageSize,
  types: () => TypesOfMounts,
): readonly OpenFile[] =>
  (ifSeen(() => readdirSync(`${directory}/fd`)) ?? []).flatMap(
    (name) => ifSeen(() => openFile(directory, name, types, size)) ?? [],
  )

/**
 * The files without a name, memfds among them, that processes other than `ownPid` have open, and those
 * of mounts that no table shows. They keep their pages although nobody has them mapped. A file that
 * several have open is told once.
 */
export const readOpenFiles = (
  proc: string,
  size: PageSize,
  ownPid: number | undefined,
): readonly OpenFileHolding[] => {
  const all = new Map<string, OpenFileHolding>()
  const types = typesOfMounts(proc)
  for (const id of processIds(proc).filter((each) => Number(each) !== ownPid))
    for (const { key, path, bytes } of openIn(`${proc}/${id}`, size, types)) {
      const file = `${key} ${path}`
      if ((bytes ?? size) < size || all.has(file)) continue
      const command = readProcessName(proc, id)
      const pages = bytes === undefined ? undefined : bytes / size
      all.set(file, present({ pid: Number(id), command, path, pages }))
    }
  return [...all.values()]
}
