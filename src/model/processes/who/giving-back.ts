import { quotedCommand, shellWord } from '../../etc/shell-word.ts'
import type { PageSize } from '../../words/page-size.ts'
import type { FoundPages } from './found-pages.ts'
import { type LeftFiles, mountsOfHeldFiles } from './left-files.ts'
import type { PageHold } from './page-hold.ts'

/** The advices of one kind that are given. */
const mostAdvices = 3

const whatWouldGo = (target: string): string =>
  `${quotedCommand(`hugepool umount ${shellWord(target)} --dry-run`)} tells what would go with it`

const cleanWords = (root: string): string =>
  `${quotedCommand(`hugepool files ${shellWord(root)} --clean`)} removes those that nobody has`

const leftAdvice = ({ root, isElsewhere }: LeftFiles): string => {
  const clean = `${root}: files stay when processes end: ${cleanWords(root)}`
  return isElsewhere ? clean : `${clean}, and ${whatWouldGo(root)}`
}

const heldAdvice = (root: string): string =>
  `${root}: files stay when processes end: rm those not needed, or ${whatWouldGo(root)}`

/** The mounts of this namespace whose minimum sizes have something reserved. */
const ownMinimums = ({ mounts }: FoundPages, holds: readonly PageHold[]): readonly string[] => {
  const elsewhere = new Set(mounts.flatMap((one) => (one.isElsewhere ? one.device : [])))
  return holds.flatMap(({ kind, name, files }) =>
    kind === 'mount' && ![...(files ?? [])].some(([device]) => elsewhere.has(device))
      ? (name ?? [])
      : [],
  )
}

const minimumAdvice = (target: string): string =>
  `${target}: the minimum size stays reserved until it is unmounted: ${whatWouldGo(target)}; mounted again without --min-size it reserves nothing`

/**
 * Says what gives back the pages of a size that do not come back by themselves when processes end:
 * those of files, minimum sizes and segments to which nobody is attached.
 */
export const givingBack = (
  found: FoundPages,
  size: PageSize,
  holds: readonly PageHold[],
  left: readonly LeftFiles[],
): readonly string[] => {
  const withLeft = new Set(left.map(({ root }) => root))
  const held = mountsOfHeldFiles(found, size).filter((root) => !withLeft.has(root))
  const segments = found.segments.filter(
    (one) => one.size === size && one.attached === 0 && !one.isElsewhere,
  )
  return [
    ...left.slice(0, mostAdvices).map(leftAdvice),
    ...held.slice(0, mostAdvices).map(heldAdvice),
    ...ownMinimums(found, holds).slice(0, mostAdvices).map(minimumAdvice),
    ...segments
      .slice(0, mostAdvices)
      .map(({ id, key }) =>
        found.origins?.get(key)?.isCreatorGone
          ? `'hugepool files --segments ${id} --clean' removes the segment, which nobody has attached and whose creator is gone`
          : `'ipcrm -m ${id}' removes the segment to which nobody is attached`,
      ),
  ]
}
