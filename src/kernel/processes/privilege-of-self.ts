import { readlinkSync } from 'node:fs'
import type { Privilege } from '../../model/processes/privilege.ts'
import { present } from '../../model/words/present.ts'
import { readStatus, statusLine } from '../process-status.ts'
import { readIfPresent } from '../read-attribute.ts'
import { belowRoot } from '../root-path.ts'
import type { Tree } from '../tree.ts'

/** The inode of the machine's user namespace, PROC_USER_INIT_INO of include/linux/proc_ns.h (3.8). */
const machineNamespace = 'user:[4026531837]'

/** Undefined where the kernel has no user namespaces, or shows none. */
const namespaceOf = (tree: Tree): string | undefined => {
  try {
    return readlinkSync(belowRoot(tree.root, '/proc/self/ns/user', true))
  } catch {
    return undefined
  }
}

/** A line of uid_map: the first user inside, the first outside, and how many there are. */
const mapLine = /^ *(\d+) +(\d+) +(\d+)$/gm

/** Every user of the machine by the number that it has there. */
const wholeMap = '0 0 4294967295'

/**
 * What this process may do. Undefined where it cannot be seen, as without a /proc. A user namespace
 * can have the map of the machine's, so that its inode is compared as well.
 */
export const readPrivilege = (tree: Tree): Privilege | undefined => {
  const status = readStatus(tree)
  const user = /^\d+\t(\d+)\t/.exec(statusLine(status, 'Uid') ?? '')?.[1]
  const capabilities = statusLine(status, 'CapEff')
  if (user === undefined || capabilities === undefined) return undefined
  const text = readIfPresent(tree, '/proc/self/uid_map')
  const map = [...(text ?? '').matchAll(mapLine)].map(([, ...numbers]) => numbers)
  const isWhole = text === undefined || map.map((line) => line.join(' ')).join() === wholeMap
  const namespace = namespaceOf(tree)
  return present({
    user: BigInt(user),
    ofMachine: isWhole && (namespace === undefined || namespace === machineNamespace),
    rootOutside: map.filter(([inside]) => inside === '0').map(([, out]) => BigInt(out ?? 0))[0],
    capabilities: BigInt(`0x${capabilities}`),
  })
}
