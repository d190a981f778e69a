import { refused } from '../../errors.ts'
import { readEtc } from '../../kernel/etc/etc-files.ts'
import { leadsTo } from '../../kernel/etc/unit-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { checkRootAlone } from '../../kernel/trusted-path.ts'
import type { Octets } from '../../model/etc/octets.ts'

/**
 * Reads a file that hugepool alone writes; undefined where there is none. Throws E_REFUSED for one
 * that is switched off, that others than root can change, or that somebody else wrote: its comments
 * would be lost. An empty one may be anybody's.
 */
export const readOwnFile = (
  tree: Tree,
  path: string,
  isOwn: (text: Octets) => boolean,
): Octets | undefined => {
  if (leadsTo(tree, path) === '/dev/null')
    throw refused(
      'masked',
      `${path} is a link to /dev/null, which switches it off`,
      `remove it: rm ${path}`,
    )
  checkRootAlone(tree, path)
  const before = readEtc(tree, path)
  if (before !== undefined && before !== '' && !isOwn(before))
    throw refused(
      'not-ours',
      `${path} was not written by hugepool`,
      'give it another name: hugepool keeps no comments in it',
    )
  return before
}
