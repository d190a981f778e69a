import { openSync } from 'node:fs'
import { isInternalPath } from '../../../model/processes/who/internal-path.ts'
import { pathOnly } from '../../held-directory.ts'
import { release } from '../../release-descriptor.ts'
import { ifShown, readAll } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/** The kernel has other mounts of its own that no table shows. Their files have these names. */
const ofKernel = /^\/(?:dmabuf:|secretmem\b)/

/** Reads the id of a mount out of a text of /proc/PID/fdinfo. */
const mountIn = (fdinfo: string): number | undefined => {
  const id = /(?:^|\n)mnt_id:\s*(\d+)(?:\n|$)/.exec(fdinfo)?.[1]
  return id === undefined ? undefined : Number(id)
}

/**
 * Finds the id of the mount by which a link below /proc/PID leads to its file. Undefined where this
 * process may not follow the link.
 */
export const mountBehind = (link: string): number | undefined =>
  ifShown(() => {
    const descriptor = openSync(link, pathOnly)
    try {
      return mountIn(readAll(`/proc/self/fdinfo/${descriptor}`))
    } finally {
      release(descriptor)
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
 * Tells whether the file behind a descriptor may be asked what it is. A file on a server that does not
 * answer would block the scan, so that only those of hugetlbfs are asked. Where no table shows the
 * mount, somebody may have detached it because its server is gone: a cautious scan notes the file and
 * leaves it alone.
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
