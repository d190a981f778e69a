import { type NamespaceKind, namespaceOf } from '../namespace-link.ts'
import { procOf, type Tree } from '../tree.ts'

/** Whether a process is in a namespace of this one; false where it cannot be told. */
export const sharesNamespace = (tree: Tree, process: string, kind: NamespaceKind): boolean => {
  if (process === 'self') return true
  const own = namespaceOf(`${procOf(tree)}/self`, kind)
  return own !== undefined && namespaceOf(`${procOf(tree)}/${process}`, kind) === own
}
