import { HugepoolError, usage } from '../../errors.ts'
import { explain, type Meaning } from '../../kernel/errno.ts'
import { groupId, passwdUser } from '../../kernel/etc/passwd-and-group.ts'
import type { Native } from '../../kernel/native/native.ts'
import { effectiveId, readStatus } from '../../kernel/process-status.ts'
import { readIdentity } from '../../kernel/processes/read-identity.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { MappingRequest } from '../../model/mapping/mapping-request.ts'
import type { TestIdentity } from '../../model/mapping/test-subject.ts'
import { present } from '../../model/words/present.ts'
import { rootHint } from '../../model/words/root-hint.ts'
import type { Ports } from '../ports.ts'

/** The user as whom a test is made, when it is another one than the caller. */
export interface Identity {
  /** The option that asks for it. */
  readonly option: string
  readonly user: number
  readonly group: number
  /** The name in /etc/passwd, by which /etc/group has the other groups of the user. */
  readonly name?: string
  /** The supplementary groups, where something else than /etc/group has told them. */
  readonly groups?: readonly number[]
}

/** Returns the user unless it is the caller, who needs no privilege to act under these very ids. */
const unlessCaller = (tree: Tree, identity: TestIdentity): Identity | undefined => {
  const own = readIdentity(tree)
  const { user, group, groups } = identity
  const ids = (...numbers: readonly (bigint | number)[]) => numbers.join()
  return own !== undefined &&
    ids(own.user, own.group, ...own.groups) === ids(user, group, ...groups)
    ? undefined
    : identity
}

/**
 * Finds the user of --user and --group. Undefined where none is asked for, and where it is the
 * caller, who needs no privilege. Throws E_USAGE for a user or a group that is not there.
 */
export const identityAsked = (
  tree: Tree,
  { user: typed, group: typedGroup, madeAs }: MappingRequest,
): Identity | undefined => {
  if (madeAs !== undefined) return madeAs.identity && unlessCaller(tree, madeAs.identity)
  if (typed === undefined) return undefined
  const { id, name, group: usual } = passwdUser(tree, typed)
  const group = typedGroup === undefined ? usual : groupId(tree, typedGroup)
  if (group === undefined)
    throw usage(
      `user ${typed} has no line in /etc/passwd that tells its group`,
      'name the group with --group',
    )
  const status = readStatus(tree)
  const isUser = effectiveId(status, 'Uid') === BigInt(id)
  if (isUser && effectiveId(status, 'Gid') === BigInt(group)) return undefined
  return present({ option: `--user ${typed}`, user: id, group, name })
}

const refusals: Readonly<Record<string, Meaning>> = {
  EPERM: {
    code: 'E_PERMISSION',
    reason: 'not-root',
    words: 'only root (CAP_SETUID and CAP_SETGID) may make the test as another user',
    hint: rootHint,
  },
  EINVAL: {
    code: 'E_UNSUPPORTED',
    reason: 'user-namespace',
    words: 'this user namespace does not have the user or one of its groups (EINVAL)',
    hint: 'run it outside of the container',
  },
}

const groupsOf = (native: Native, { group, name, groups }: Identity): readonly number[] =>
  groups ?? (name === undefined ? [group] : native.groupsOf(name, group))

/**
 * Throws E_PERMISSION where another user would become root. The kernel takes the capabilities of a
 * process that was root and is not any more (cap_emulate_setxuid in security/commoncap.c), so that it
 * could not come back to its groups.
 */
const refuseRoot = (tree: Tree, { option, user }: Identity): void => {
  const own = effectiveId(readStatus(tree), 'Uid')
  if (user !== 0 || own === 0n || own === undefined) return
  throw new HugepoolError(
    'E_PERMISSION',
    'not-root',
    `${option}: only root may make the test as root`,
    'start hugepool as root, or name another user',
  )
}

const actAs = (ports: Ports, identity: Identity): (() => void) => {
  const { option, user, group } = identity
  refuseRoot(ports.tree, identity)
  const native = ports.native()
  try {
    return native.actAs(user, group, groupsOf(native, identity))
  } catch (error) {
    throw explain(error, option, refusals)
  }
}

/** The user who makes the test, and a way to do something in between as the caller. */
export interface Actor {
  asCaller<T>(work: () => Promise<T>): Promise<T>
  /** Marks an error as one that the caller would not have met. */
  ofUser(error: unknown): unknown
  end(): void
}

const caller: Actor = {
  asCaller: (work) => work(),
  ofUser: (error) => error,
  end: () => {},
}

/**
 * Makes all threads of this process act as a user, until `end`. Code that looks for holders or
 * loads parts of the program in between has to run as the caller, whose files the user may not be
 * able to read.
 */
export const actorFor = (ports: Ports, identity: Identity | undefined): Actor => {
  if (identity === undefined) return caller
  let back = actAs(ports, identity)
  return {
    asCaller: async (work) => {
      back()
      try {
        return await work()
      } finally {
        back = actAs(ports, identity)
      }
    },
    ofUser: (error) =>
      error instanceof HugepoolError ? Object.assign(error, { ofOtherUser: true }) : error,
    end: () => back(),
  }
}
