import { readlinkSync } from 'node:fs'
import { errnoOf } from '../errno.ts'
import { procOf, type Tree } from '../tree.ts'

/** The kinds of namespaces(7) that decide about huge pages, as /proc/PID/ns names them. */
export type NamespaceKind = 'ipc' | 'mnt' | 'user'

const namespaceAt = (tree: Tree, process: string, kind: NamespaceKind): string | undefined => {
  try {
    return readlinkSync(`${procOf(tree)}/${process}/ns/${kind}`)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}

/**
 * Whether a process is in a namespace of this one. Only who may trace a process sees its namespaces;
 * false where it cannot be told.
 */
export const sharesNamespace = (tree: Tree, process: string, kind: NamespaceKind): boolean => {
  if (process === 'self') return true
  const own = namespaceAt(tree, 'self', kind)
  return own !== undefined && namespaceAt(tree, process, kind) === own
}
