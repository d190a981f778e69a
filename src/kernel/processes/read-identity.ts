import { type IdRange, idRangesIn } from '../../model/processes/id-map.ts'
import type { ProcessIdentity } from '../../model/processes/process-identity.ts'
import { present } from '../../model/words/present.ts'
import { capabilitiesIn, effectiveId, readStatus, statusLine } from '../process-status.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readPrivilege } from './read-privilege.ts'

const numbersIn = (text: string | undefined): readonly bigint[] =>
  [...(text ?? '').matchAll(/\d+/g)].map(([digits]) => BigInt(digits))

/** Reads the map of this process, whoever is asked about: the kernel shows the groups of others by it. */
const readGroupMap = (tree: Tree): readonly IdRange[] | undefined =>
  readPrivilege(tree)?.ofMachine === false
    ? idRangesIn(readIfPresent(tree, '/proc/self/gid_map') ?? '')
    : undefined

/**
 * Reads who a process is to the kernel, by its effective ids; this process where none is named.
 * Undefined where it cannot be seen.
 */
export const readIdentity = (tree: Tree, process = 'self'): ProcessIdentity | undefined => {
  const privilege = readPrivilege(tree, process)
  const status = readStatus(tree, process)
  const group = effectiveId(status, 'Gid')
  if (privilege === undefined || group === undefined) return undefined
  const { user, capabilities, ofMachine } = privilege
  const groups = numbersIn(statusLine(status, 'Groups'))
  return present({ user, group, groups, capabilities, ofMachine, groupMap: readGroupMap(tree) })
}

/**
 * The capabilities that a program of root gets here: this process can give no others to what it
 * starts (cap_bprm_creds_from_file in security/commoncap.c). None where they cannot be seen.
 */
export const readRootCapabilities = (tree: Tree): bigint =>
  capabilitiesIn(readStatus(tree), 'CapBnd') ?? 0n
