import { HugepoolError } from '../../errors.ts'
import { isShortage } from '../errno.ts'
import { listIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { isThere, readEtc } from './etc-files.ts'

/** The directories of sysctl.d(5). A file hides those of the same name in later directories. */
const sysctlDirectories = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
]

/** Runs `read`; undefined where the file cannot be read, or is none. */
const ifReadable = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof HugepoolError && !isShortage(error)) return undefined
    throw error
  }
}

/**
 * The texts of the files that set sysctls at a start, in the order in which they are applied. What
 * cannot be read is left out. systemd reads /etc/sysctl.conf only where a link of sysctl.d leads to
 * it; sysctl(8) of other systems reads it last.
 */
export const readSysctlFiles = (tree: Tree): readonly string[] => {
  const paths = new Map<string, string>()
  for (const directory of sysctlDirectories)
    for (const name of ifReadable(() => listIfPresent(tree, directory)) ?? [])
      if (name.endsWith('.conf') && !paths.has(name)) paths.set(name, `${directory}/${name}`)
  const names = [...paths.keys()].sort()
  const main = isThere(tree, '/etc/systemd/system') ? [] : ['/etc/sysctl.conf']
  const all = [...names.map((name) => paths.get(name) ?? ''), ...main]
  return all.flatMap((path) => ifReadable(() => readEtc(tree, path)) ?? [])
}
