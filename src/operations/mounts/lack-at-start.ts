import { readLineTarget } from '../../kernel/boot/read-line-target.ts'
import { readSysctlFiles } from '../../kernel/etc/sysctl-files.ts'
import { readMeminfo } from '../../kernel/pools/meminfo.ts'
import { readIfPresent } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { DesiredMount } from '../../model/mounts/desired-mount.ts'
import {
  lackingAtStart,
  lackingHint,
  lackingWords,
  type PagesAtStart,
} from '../../model/mounts/persist/boot-pages.ts'
import { present } from '../../model/words/present.ts'
import type { KeptMounts } from './kept-mounts.ts'

/** A minimum size whose pages are not there at a start, in words. */
export interface LackAtStart {
  readonly pages: PagesAtStart
  readonly words: string
  readonly hint: string
}

/**
 * Looks for what provides the pages of a minimum size at a start. Undefined where they are
 * provided, and where the command line cannot be seen.
 */
export const lackAtStart = (
  tree: Tree,
  desired: DesiredMount,
  kept?: KeptMounts,
): LackAtStart | undefined => {
  const line = readIfPresent(tree, '/proc/cmdline')
  if (line === undefined) return undefined
  const defaultSize = readMeminfo(tree).get('Hugepagesize')
  const target = readLineTarget(tree)
  const facts = present({ line, sysctls: readSysctlFiles(tree), target, defaultSize })
  const pages = lackingAtStart(desired, facts)
  if (pages !== undefined && (kept?.provided(desired.pageSize) ?? 0n) >= pages.needed)
    return undefined
  return (
    pages && {
      pages,
      words: lackingWords(desired.target, pages),
      hint: lackingHint(desired.pageSize, pages, defaultSize),
    }
  )
}
