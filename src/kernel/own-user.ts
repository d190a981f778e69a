import { readFileSync, statSync } from 'node:fs'
import { idOutside, idRangesIn } from '../model/processes/id-map.ts'

/** Returns the effective user id; undefined where /proc is not mounted. */
export const ownUser = (): number | undefined =>
  statSync('/proc/self', { throwIfNoEntry: false })?.uid

/**
 * The user as whom the kernel shows everybody whom a user namespace does not know
 * (DEFAULT_OVERFLOWUID in include/linux/highuid.h).
 */
const unknownUser = 65534

/** Whether a user namespace knows a user, by the ranges of uid_map (user_namespaces(7)). */
export const knowsUser = (map: string, uid: number): boolean =>
  idOutside(idRangesIn(map), BigInt(uid)) !== undefined

/**
 * Whether a user can do all that root can: root, and in a user namespace those whom it does not know,
 * of whom the root of the machine is one.
 */
export const isRootUser = (uid: number): boolean =>
  uid === 0 ||
  (uid === unknownUser && !knowsUser(readFileSync('/proc/self/uid_map', 'latin1'), uid))
