import { usage } from '../../errors.ts'
import { octets } from '../../model/etc/octets.ts'
import { readIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** The largest user or group id. 2^32 - 1 stands for no id. */
const largestId = 2 ** 32 - 2

/**
 * Finds the id of a user or group, given by name or number, in /etc/passwd or /etc/group. In both
 * files the id is the third field of a line. Throws E_USAGE for a name that is not there.
 */
const idOf = (tree: Tree, path: string, word: string, kind: string): number => {
  if (/^(?:0|[1-9][0-9]{0,9})$/.test(word)) {
    if (Number(word) <= largestId) return Number(word)
    throw usage(`'${word}' is not the number of a ${kind}`)
  }
  const lines = (readIfPresent(tree, path) ?? '').split('\n').map((line) => line.split(':'))
  const wanted = octets(word)
  const id = lines.find(([name]) => name === wanted)?.[2]
  if (id !== undefined && /^\d+$/.test(id)) return Number(id)
  if (/^[-+]?\d/.test(word))
    throw usage(`'${word}' is not the number of a ${kind}`, 'digits alone, without leading zeros')
  throw usage(`there is no ${kind} '${word}' in ${path}`, `a ${kind} can be given by number too`)
}

export const userId = (tree: Tree, word: string): number => idOf(tree, '/etc/passwd', word, 'user')
export const groupId = (tree: Tree, word: string): number => idOf(tree, '/etc/group', word, 'group')
