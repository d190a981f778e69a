import { isInternalPath } from '../../../model/processes/who/internal-path.ts'
import { ifShown, readAll } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/** Files of other mounts of the kernel's own, which no table shows either. */
const ofKernel = /^\/(?:dmabuf:|secretmem\b)/

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
  const id = /^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1]
  if (id === undefined) return !scan.isCautious
  const type = typeOf(scan, Number(id))
  if (type !== undefined) return type === 'hugetlbfs'
  if (ofKernel.test(path)) return false
  if (scan.isCautious) scan.unasked.set(`${id} ${path}`, { process: scan.who(pid), path })
  return !scan.isCautious
}
