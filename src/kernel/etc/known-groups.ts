import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Reads the numbers of the groups in /etc/group; undefined where it cannot be read. */
export const readGroupIds = (tree: Tree): ReadonlySet<bigint> | undefined => {
  const text = readIfReadable(tree, '/etc/group')
  if (text === undefined) return undefined
  const ids = text.split('\n').flatMap((line) => {
    const id = line.split(':')[2]
    return id !== undefined && /^\d+$/.test(id) ? [BigInt(id)] : []
  })
  return new Set(ids)
}

/** The sources in nsswitch.conf(5) that know no groups beyond those in /etc/group. */
const ownSources: readonly string[] = ['files', 'compat', 'systemd', 'nis_files']

/** Whether groups also come from other sources, such as a directory service (nsswitch.conf(5)). */
export const asksForGroups = (tree: Tree): boolean => {
  const text = readIfReadable(tree, '/etc/nsswitch.conf') ?? ''
  const sources = /^[ \t]*group:([^#\n]*)/m.exec(text)?.[1] ?? ''
  return sources
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .some((source) => source !== '' && !ownSources.includes(source))
}
