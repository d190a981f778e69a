import type { FailureReason } from '../words/failure-reason.ts'
import {
  asksForRoot,
  containerHint,
  etcRootHint,
  mountRootHint,
  rootHint,
  unmountRootHint,
} from '../words/root-hint.ts'
import { type Capability, capabilitiesNamedIn, includesCapability } from './capability.ts'
import { hasCapability } from './process-identity.ts'

/** What a process may do, as far as it decides whether it helps to become root. */
export interface Privilege {
  /** The effective user, as it is numbered in the user namespace of the process. */
  readonly user: bigint
  /** False in any user namespace but that of the machine. */
  readonly ofMachine: boolean
  /** The user outside that is user 0 of the namespace; absent where the namespace has no user 0. */
  readonly rootOutside?: bigint
  /** The effective capabilities, one bit each. */
  readonly capabilities: bigint
}

/** hugetlbfs has no FS_USERNS_MOUNT, so that the capability counts on the machine only (fs/super.c). */
export const mayMount = (who: Pick<Privilege, 'ofMachine' | 'capabilities'>): boolean =>
  hasCapability(who, 'CAP_SYS_ADMIN')

/** The user namespace that counts is that of the mount namespace (may_mount in fs/namespace.c). */
export const mayUnmount = ({ capabilities }: Privilege): boolean =>
  includesCapability(capabilities, 'CAP_SYS_ADMIN')

/** What to do in a user namespace, after the words that say whose root this is. */
interface RootAdvice {
  readonly inNamespace: string
  /** The capabilities that it takes. */
  readonly needs: readonly Capability[]
}

/** hugetlbfs has no FS_USERNS_MOUNT (fs/hugetlbfs/inode.c). */
const advices: Readonly<Record<string, RootAdvice>> = {
  [mountRootHint]: {
    inNamespace:
      'hugetlbfs cannot be mounted in a user namespace: mount it outside of the container, and have its manager bind-mount the directory',
    needs: ['CAP_SYS_ADMIN'],
  },
  [unmountRootHint]: {
    inNamespace:
      'only what was mounted in its user namespace can be unmounted there: run it outside of the container',
    needs: ['CAP_SYS_ADMIN'],
  },
}

const ofFiles: RootAdvice = {
  inNamespace: 'run it outside of the container',
  needs: ['CAP_DAC_OVERRIDE'],
}

const ofPools: RootAdvice = {
  inNamespace:
    'pools belong to the machine: run it outside of the container, or its manager would have to start it without a user namespace, and with /sys and /proc/sys writable',
  needs: ['CAP_DAC_OVERRIDE'],
}

const inKernelFiles = /(?:^|; )\/(?:sys|proc)\//

/** The files of /proc/sys ask for the user alone (test_perm in fs/proc/proc_sysctl.c). */
const ofSettings: RootAdvice = { ...ofPools, needs: [] }

const inSettings = /(?:^|; )\/proc\/sys\//

const adviceOn = (hint: string, message: string): RootAdvice => {
  const ofFile = inSettings.test(message) ? ofSettings : ofPools
  const advice =
    advices[hint] ?? (hint === containerHint || inKernelFiles.test(message) ? ofFile : ofFiles)
  const named = capabilitiesNamedIn(message)
  return named.length === 0 ? advice : { ...advice, needs: named }
}

/** User 0 can be itself outside, and still has none of the capabilities of the machine's root. */
const outsideOf = (user: bigint): string =>
  user === 0n ? 'it has no capabilities' : `it is user ${user}`

const whose = ({ user, rootOutside }: Privilege): string => {
  const root = user === 0n ? 'this root' : 'root of this user namespace'
  const outside =
    rootOutside === undefined ? '' : ` (${outsideOf(rootOutside)} outside of its user namespace)`
  return `${root} is not the machine's${outside}`
}

const lackedBy = ({ capabilities }: Privilege, needs: RootAdvice['needs']): RootAdvice['needs'] =>
  needs.filter((need) => !includesCapability(capabilities, need))

const giveThem = (lacking: RootAdvice['needs']): string =>
  `or give it the ${lacking.length === 1 ? 'capability' : 'capabilities'}`

const refusedToRoot = (lacking: RootAdvice['needs']): string =>
  lacking.length === 0
    ? 'this is root already: a security module (AppArmor, SELinux) or a filter of system calls refuses it; in a container, run it outside'
    : `this root lacks ${lacking.join(' and ')}: run it outside of the container or service, ${giveThem(lacking)}`

/** Who has capabilities without being root was given them one by one, and is told which is missing. */
const refusedToUser = (hint: string, lacking: RootAdvice['needs'], user: bigint): string =>
  lacking.length === 0
    ? hint
    : hint.replace(
        rootHint,
        `user ${user} lacks ${lacking.join(' and ')}: ${rootHint}, ${giveThem(lacking)}`,
      )

const fitted = (hint: string, message: string, privilege: Privilege): string => {
  const { inNamespace, needs } = adviceOn(hint, message)
  if (!privilege.ofMachine) return `${whose(privilege)}; ${inNamespace}`
  if (hint === containerHint) return hint
  const { user, capabilities } = privilege
  const lacking = lackedBy(privilege, needs)
  if (user !== 0n) return capabilities === 0n ? hint : refusedToUser(hint, lacking, user)
  const refused = refusedToRoot(lacking)
  return hint === etcRootHint ? `${refused}; see also lsattr(1)` : refused
}

/** Puts hints that fit this process in the place of those that tell to become root. */
export const hintsThatFit = (hints: string, message: string, privilege: Privilege): string =>
  hints
    .split('\n')
    .map((hint) => (asksForRoot(hint) ? fitted(hint, message, privilege) : hint))
    .join('\n')

/** What a missing privilege is for this process: nobody can become root who is root already. */
export const reasonThatFits = (reason: FailureReason, privilege: Privilege): FailureReason => {
  if (reason !== 'not-root') return reason
  if (!privilege.ofMachine) return 'user-namespace'
  return privilege.user === 0n ? 'forbidden' : reason
}
