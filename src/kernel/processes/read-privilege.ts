import { idRangesIn } from '../../model/processes/id-map.ts'
import type { Privilege } from '../../model/processes/privilege.ts'
import { present } from '../../model/words/present.ts'
import { machineUserNamespace, namespaceOf } from '../namespace-link.ts'
import { capabilitiesIn, effectiveId, readStatus } from '../process-status.ts'
import { readIfPresent } from '../read-attribute.ts'
import { procOf, type Tree } from '../tree.ts'

/** The map of a namespace in which every user has the number of the machine. */
const wholeMap = '0 0 4294967295'

/**
 * What a process may do, which is this one where none is named. Undefined where it cannot be seen, as
 * without a /proc. A user namespace can have the map of the machine's, so that its inode is compared
 * as well.
 */
export const readPrivilege = (tree: Tree, process = 'self'): Privilege | undefined => {
  const status = readStatus(tree, process)
  const user = effectiveId(status, 'Uid')
  const capabilities = capabilitiesIn(status)
  if (user === undefined || capabilities === undefined) return undefined
  const text = readIfPresent(tree, `/proc/${process}/uid_map`)
  const map = idRangesIn(text ?? '')
  const lines = map.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`)
  const isWhole = text === undefined || lines.join() === wholeMap
  const namespace = namespaceOf(`${procOf(tree)}/${process}`, 'user')
  return present({
    user,
    ofMachine: isWhole && (namespace === undefined || namespace === machineUserNamespace),
    rootOutside: map.find(({ inside }) => inside === 0n)?.outside,
    capabilities,
  })
}
