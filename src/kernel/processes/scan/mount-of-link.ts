import { closeSync, openSync } from 'node:fs'
import { isInternalPath } from '../../../model/processes/who/internal-path.ts'
import { ifShown, readAll } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/** Files of other mounts of the kernel's own, which no table shows either. */
const ofKernel = /^\/(?:dmabuf:|secretmem\b)/

/**
 * O_PATH of include/uapi/asm-generic/fcntl.h, which Node does not name. It opens a file without an
 * effect on it. The number differs on alpha, parisc and sparc, for which there is no Node.
 */
const pathOnly = 0o10000000

/** The id of a mount in a text of /proc/PID/fdinfo. */
const mountIn = (fdinfo: string): number | undefined => {
  const id = /(?:^|\n)mnt_id:\s*(\d+)(?:\n|$)/.exec(fdinfo)?.[1]
  return id === undefined ? undefined : Number(id)
}

/**
 * The id of the mount by which a link below /proc/PID leads to its file; undefined where permission to
 * follow it is missing.
 */
export const mountBehind = (link: string): number | undefined =>
  ifShown(() => {
    const descriptor = openSync(link, pathOnly)
    try {
      return mountIn(readAll(`/proc/self/fdinfo/${descriptor}`))
    } finally {
      closeSync(descriptor)
    }
  })

/** The types of the mounts that some table shows, by their ids, which no two mounts share. */
const typeOf = ({ namespaces }: Scan, mount: number): string | undefined => {
  for (const { lines } of namespaces()) {
    const found = lines.find(({ id }) => id === mount)
    if (found !== undefined) return found.type
  }
  return undefined
}

/**
 * Whether the file behind a descriptor may be asked what it is. One on a server that does not answer
 * would block, so that files of other file systems are left alone; of a mount that no table shows,
 * which somebody may have detached because its server is gone, they are noted where the scan is
 * cautious.
 */
export const mayAsk = (
  scan: Scan,
  { pid, directory, name, path }: Readonly<Record<'pid' | 'directory' | 'name' | 'path', string>>,
): boolean => {
  if (isInternalPath(path)) return true
  const fdinfo = ifShown(() => readAll(`${directory}/fdinfo/${name}`)) ?? ''
  const id = mountIn(fdinfo)
  if (id === undefined) return !scan.isCautious
  const type = typeOf(scan, id)
  if (type !== undefined) return type === 'hugetlbfs'
  if (ofKernel.test(path)) return false
  if (scan.isCautious) scan.unasked.set(`${id} ${path}`, { process: scan.who(pid), path })
  return !scan.isCautious
}
