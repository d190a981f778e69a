import { readFileSync } from 'node:fs'
import { idOutside, idRangesIn } from '../model/processes/id-map.ts'
import { errnoOf } from './errno.ts'

/** Returns the effective user id. It is asked of no /proc, which may be that of another PID namespace. */
export const ownUser = (): number | undefined => process.geteuid?.()

/**
 * The user as whom the kernel shows everybody whom a user namespace does not know
 * (DEFAULT_OVERFLOWUID in include/linux/highuid.h).
 */
const unknownUser = 65534

/** Whether a user namespace knows a user, by the ranges of uid_map (user_namespaces(7)). */
export const knowsUser = (map: string, uid: number): boolean =>
  idOutside(idRangesIn(map), BigInt(uid)) !== undefined

/** Which users the user namespace of this process knows; undefined without /proc. */
const ownMap = (): string | undefined => {
  try {
    return readFileSync('/proc/self/uid_map', 'latin1')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return undefined
  }
}

/**
 * Whether a user can do all that root can: root, and in a user namespace those whom it does not know,
 * of whom the root of the machine is one. Without /proc it is not known that there is one.
 */
export const isRootUser = (uid: number): boolean => {
  if (uid !== unknownUser) return uid === 0
  const map = ownMap()
  return map !== undefined && !knowsUser(map, uid)
}

/** Whether a file can be given to root, whom a user namespace may not know. */
export const isRootKnown = (): boolean => {
  const map = ownMap()
  return map === undefined || knowsUser(map, 0)
}
