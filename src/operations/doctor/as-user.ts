import { etcUser, groupId } from '../../kernel/etc/passwd-and-group.ts'
import { readRootCapabilities } from '../../kernel/processes/read-identity.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { ProcessIdentity } from '../../model/processes/process-identity.ts'
import { present } from '../../model/words/present.ts'
import type { FoundSubject } from './found-subject.ts'

/** A user and groups as they were typed: names or numbers. */
export interface NamedUser {
  readonly user?: string
  readonly group?: string
  readonly groups: readonly string[]
}

const namedUserWords = ({ user, group }: NamedUser): string =>
  user === undefined ? ` in the group ${group}` : ` as ${user}`

/** The identity of a user after a login, which has no capabilities unless it is root. */
const identityOf = (
  tree: Tree,
  base: Pick<ProcessIdentity, 'ofMachine' | 'groupMap'>,
  word: string,
  group: bigint | undefined,
): ProcessIdentity => {
  const found = etcUser(tree, word)
  const own = found.group === undefined ? undefined : BigInt(found.group)
  return present({
    user: BigInt(found.user),
    group: group ?? own ?? BigInt(found.user),
    groups: found.groups.map(BigInt),
    capabilities: found.user === 0 ? readRootCapabilities(tree) : 0n,
    ofMachine: base.ofMachine,
    groupMap: base.groupMap,
  })
}

const withGroups = (
  tree: Tree,
  identity: ProcessIdentity,
  groups: readonly string[],
): ProcessIdentity => ({
  ...identity,
  groups: [...identity.groups, ...groups.map((name) => BigInt(groupId(tree, name)))],
})

/**
 * Puts another user or group in a subject. A user without a process has the limits that PAM makes at a
 * login, which nobody knows before. Throws E_USAGE for names that are not there.
 */
export const asUser = (tree: Tree, found: FoundSubject, named: NamedUser): FoundSubject => {
  const { user, group, groups } = named
  const own = group === undefined ? undefined : BigInt(groupId(tree, group))
  const base = found.identity
  const identity =
    user === undefined
      ? base && { ...base, group: own ?? base.group }
      : identityOf(tree, base ?? { ofMachine: true }, user, own)
  const { words, process } = found.subject
  return {
    ...found,
    ...present({ identity: identity && withGroups(tree, identity, groups) }),
    subject: {
      ...found.subject,
      words: `${namedUserWords(named)}${words}`,
      ...present({ group: identity && `${identity.group}` }),
      hasBorrowedLimits: user !== undefined && process === 'self' && base?.user !== identity?.user,
    },
  }
}
