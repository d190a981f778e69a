import { usage } from '../../errors.ts'
import { asOctets, octets, textOf } from '../../model/etc/octets.ts'
import { present } from '../../model/words/present.ts'
import { readIfPresent, readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** The largest user or group id. 2^32 - 1 stands for no id. */
const largestId = 2 ** 32 - 2

const passwdPath = '/etc/passwd'
const groupPath = '/etc/group'

const fieldsIn = (text = ''): readonly (readonly string[])[] =>
  text.split('\n').map((line) => line.split(':'))

const accountLines = (tree: Tree, path: string): readonly (readonly string[])[] =>
  fieldsIn(readIfPresent(tree, path))

/**
 * Finds the id of a user or group, given by name or number, in /etc/passwd or /etc/group. In both
 * files the id is the third field of a line. Throws E_USAGE for a name that is not there.
 */
const idOf = (tree: Tree, path: string, word: string, kind: string): number => {
  if (/^(?:0|[1-9][0-9]{0,9})$/.test(word)) {
    if (Number(word) <= largestId) return Number(word)
    throw usage(`'${word}' is not the number of a ${kind}`)
  }
  const wanted = octets(word)
  const id = accountLines(tree, path).find(([name]) => name === wanted)?.[2]
  if (id !== undefined && /^\d+$/.test(id)) return Number(id)
  if (/^[-+]?\d/.test(word))
    throw usage(`'${word}' is not the number of a ${kind}`, 'digits alone, without leading zeros')
  throw usage(`there is no ${kind} '${word}' in ${path}`, `a ${kind} can be given by number too`)
}

/** Whether a name would not be taken for a number. */
const isName = (name: string): boolean => name !== '' && !/^\d+$/.test(name)

/**
 * Returns the name of a group by its number. Of two lines with one name the first counts, so a name
 * that means another number first is passed over. Returns undefined where no name is left.
 */
export const groupName = (tree: Tree, id: bigint): string | undefined => {
  const lines = fieldsIn(readIfReadable(tree, groupPath))
  const [name] =
    lines.find(
      ([one = ''], at) =>
        isName(one) &&
        lines[at]?.[2] === `${id}` &&
        lines.findIndex(([other]) => other === one) === at,
    ) ?? []
  return name === undefined ? undefined : textOf(asOctets(name))
}

/** Finds the id of a user by name or number. Throws E_USAGE for a name that is not there. */
export const userId = (tree: Tree, word: string): number => idOf(tree, passwdPath, word, 'user')

/** Finds the id of a group by name or number. Throws E_USAGE for a name that is not there. */
export const groupId = (tree: Tree, word: string): number => idOf(tree, groupPath, word, 'group')

/** A user as in /etc/passwd. A user that was given by number may have no line there. */
export interface User {
  readonly id: number
  readonly name?: string
  /** The group that a program of the user starts with. */
  readonly group?: number
}

/** Finds a user by name or number. Throws E_USAGE for a name that is not there. */
export const passwdUser = (tree: Tree, word: string): User => {
  const id = userId(tree, word)
  const lines = accountLines(tree, passwdPath).filter((line) => line[2] === `${id}`)
  const [name, , , group = ''] = lines.find(([name]) => name === octets(word)) ?? lines[0] ?? []
  return present({
    id,
    name: name === undefined ? undefined : textOf(asOctets(name)),
    group: /^\d+$/.test(group) ? Number(group) : undefined,
  })
}

const namesIn = (tree: Tree, path: string): readonly string[] =>
  accountLines(tree, path).flatMap(([name = '', , id = '']) =>
    isName(name) && /^\d+$/.test(id) ? [textOf(asOctets(name))] : [],
  )

export const knownUsers = (tree: Tree): readonly string[] => namesIn(tree, passwdPath)
export const knownGroups = (tree: Tree): readonly string[] => namesIn(tree, groupPath)

/** A user with its groups, as in /etc/passwd and /etc/group. */
export interface EtcUser {
  readonly user: number
  /** Absent where only the number of the user is known. */
  readonly group?: number
  /** The supplementary groups. */
  readonly groups: readonly number[]
}

/**
 * Finds a user with all groups, by name or number. Throws E_USAGE for a name that is not there. A
 * number need not belong to a user.
 */
export const etcUser = (tree: Tree, word: string): EtcUser => {
  const { id, name, group } = passwdUser(tree, word)
  const member = name === undefined ? undefined : octets(name)
  const groups = accountLines(tree, groupPath).flatMap(([, , gid = '', members = '']) =>
    member !== undefined && members.split(',').includes(member) && /^\d+$/.test(gid)
      ? [Number(gid)]
      : [],
  )
  return present({ user: id, group, groups })
}
