import type { CgroupTrouble } from '../../model/processes/cgroup-trouble.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import type { GroupDirectory } from './full-cgroups.ts'
import { isUnlimited, limitOf } from './hugetlb-cgroup.ts'
import { limitFiles } from './limit-files.ts'
import { ifShown } from './scan/quick-read.ts'

/** Kubernetes gives a limit of 0 to every container that did not ask for pages. */
const isOfPod = (group: string): boolean => /(?:^|\/)kubepods(?:[-.]|\/|$)/.test(group)

const sizePrefix = (file: string): string => file.split('.').slice(0, 2).join('.')

/**
 * Counts how often a limit on pages of a size refused some: version 2 has it in a line `max 3`, version
 * 1 alone in a file.
 */
export const countRefusals = (
  tree: Tree,
  { directory, version }: GroupDirectory,
  size: PageSize,
): { readonly file: string; readonly count: bigint } => {
  const name = sizePrefix(limitFiles(size)[version].pages[0])
  if (version === 'first') {
    const file = `${name}.failcnt`
    return { file, count: readNumberIfPresent(tree, `${directory}/${file}`) ?? 0n }
  }
  const file = `${name}.events.local`
  const text = readIfPresent(tree, `${directory}/${file}`) ?? ''
  return { file, count: BigInt(/^max (\d+)$/m.exec(text)?.[1] ?? 0) }
}

const troublesOf = (tree: Tree, one: GroupDirectory, size: PageSize): readonly CgroupTrouble[] => {
  const { directory, group, version } = one
  const files = limitFiles(size)[version]
  const pages = limitOf(tree, directory, group, files.pages)
  const limits = [pages, limitOf(tree, directory, group, files.reserved)].flatMap(
    (limit) => limit ?? [],
  )
  if (limits.length === 0) return []
  const tooSmall = isOfPod(group) ? [] : limits.filter(({ max }) => max < size)
  const reserved = readIfPresent(tree, `${directory}/${files.reserved[0]}`)
  const isLate = pages !== undefined && pages.max >= size && isUnlimited(reserved ?? '')
  const { file, count } = countRefusals(tree, one, size)
  return [
    ...tooSmall.map(({ file, max }) => ({
      group,
      size,
      kind: 'too-small' as const,
      file,
      value: max,
    })),
    ...(isLate ? [{ group, size, kind: 'late' as const, file: pages.file, value: pages.max }] : []),
    ...(count > 0n ? [{ group, size, kind: 'refused' as const, file, value: count }] : []),
  ]
}

/** Finds what in the cgroups that can be seen keeps pages of these sizes from their processes. */
export const readCgroupTroubles = (
  tree: Tree,
  groups: readonly GroupDirectory[],
  sizes: readonly PageSize[],
): readonly CgroupTrouble[] =>
  groups.flatMap((one) => sizes.flatMap((size) => ifShown(() => troublesOf(tree, one, size)) ?? []))
