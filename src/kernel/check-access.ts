import { accessSync, readFileSync } from 'node:fs'
import { asOctets } from '../model/etc/octets.ts'
import { errnoOf, isShortage } from './errno.ts'
import { machineUserNamespace, namespaceOf } from './namespace-link.ts'
import { capableByStatus, effectiveId } from './process-status.ts'

/**
 * Whether this process passes over the modes of files of the machine though it is not root's; false
 * without a /proc. Root is told the truth by access(2), also by a security module.
 */
const passesOverModes = (): boolean => {
  try {
    const status = asOctets(readFileSync('/proc/self/status', 'latin1'))
    const namespace = namespaceOf('/proc/self', 'user')
    return (
      effectiveId(status, 'Uid') !== 0n &&
      capableByStatus(status, 'CAP_DAC_OVERRIDE') === true &&
      (namespace === undefined || namespace === machineUserNamespace)
    )
  } catch (error) {
    if (errnoOf(error) === undefined || isShortage(error)) throw error
    return false
  }
}

/**
 * Throws where this process may not do with a file or directory what `mode` says: W_OK, or X_OK of
 * a directory. access(2) leaves the effective capabilities of any user but root out of account
 * (access_override_creds in fs/open.c), while open(2) honours them: such a user who has
 * CAP_DAC_OVERRIDE may do what access(2) says EACCES to. EROFS and the like hold for everybody. The
 * files of /proc/sys ask for the user and no capability (test_perm in fs/proc/proc_sysctl.c).
 */
export const checkAccess = (path: string, mode: number): void => {
  try {
    accessSync(path, mode)
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' || path.startsWith('/proc/sys/')) throw error
    if (!passesOverModes()) throw error
  }
}
