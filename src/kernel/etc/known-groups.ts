import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** The numbers of the groups in /etc/group; undefined where it cannot be read. */
export const readGroupIds = (tree: Tree): ReadonlySet<bigint> | undefined => {
  const text = readIfReadable(tree, '/etc/group')
  if (text === undefined) return undefined
  const ids = text.split('\n').flatMap((line) => {
    const id = line.split(':')[2]
    return id !== undefined && /^\d+$/.test(id) ? [BigInt(id)] : []
  })
  return new Set(ids)
}

/** The sources of nsswitch.conf(5) that have no group which /etc/group lacks. */
const ownSources: readonly string[] = ['files', 'compat', 'systemd', 'nis_files']

/** Whether groups come from elsewhere too, such as a directory service (nsswitch.conf(5)). */
export const asksForGroups = (tree: Tree): boolean => {
  const text = readIfReadable(tree, '/etc/nsswitch.conf') ?? ''
  const sources = /^\s*group:([^#\n]*)/m.exec(text)?.[1] ?? ''
  return sources
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .some((source) => source !== '' && !ownSources.includes(source))
}
