import { policyInNumaMaps, type SeenPolicy } from '../../model/processes/task-policy.ts'
import { errnoOf, explain, isShortage } from '../errno.ts'
import { isOneMemoryNode } from '../pools/nodes.ts'
import type { Tree } from '../tree.ts'

/** Who may not trace a process is not shown its memory (ptrace_may_access in kernel/ptrace.c). */
const untraceable: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])

/**
 * Reads the memory policy of a process, of its first thread, which is this process where none is named.
 * Undefined where the kernel shows none, as without NUMA, and where one node alone has memory, so that
 * no policy decides anything. There the file is not read: the kernel walks all page tables for it,
 * about 8 ms for each GiB of base pages. get_mempolicy(2) asks about the calling thread alone.
 */
export const readTaskPolicy = (tree: Tree, process = 'self'): SeenPolicy | undefined => {
  if (isOneMemoryNode(tree)) return undefined
  const path = `/proc/${process}/numa_maps`
  try {
    return policyInNumaMaps(tree.read(path))
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined || isShortage(error)) throw explain(error, path)
    return untraceable.has(errno) ? { unseen: `${path} may not be read` } : undefined
  }
}
