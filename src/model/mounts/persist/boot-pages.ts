import type { LineTarget } from '../../boot/line-request.ts'
import { pagesOnLine, sysctlsOnLine } from '../../boot/pages-on-line.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize, type PageSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { DesiredMount } from '../desired-mount.ts'

/** What provides pages before the mounts of a start are made. */
export interface BootFacts {
  /** The kernel command line of this start, which is most likely that of the next one. */
  readonly line: string
  /** The texts of the sysctl files, in the order in which they are applied. */
  readonly sysctls: readonly string[]
  /** The kernel and the machine that read the line. */
  readonly target: LineTarget
  readonly defaultSize?: PageSize
}

/** The pages that a minimum size needs, and those that are there for it at a start. */
export interface PagesAtStart {
  readonly needed: Pages
  readonly provided: Pages
}

const settingPattern =
  /^-?\s*vm[./](nr_hugepages|nr_hugepages_mempolicy|nr_overcommit_hugepages)\s*=\s*(\d+)\s*$/

/** Reads the last values of the two settings that provide pages of the default size. */
const settingsIn = (texts: readonly string[]) => {
  const found: { persistent?: Pages; overcommit?: Pages } = {}
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, name, digits] = settingPattern.exec(line.trim()) ?? []
    if (digits === undefined) continue
    if (name === 'nr_overcommit_hugepages') found.overcommit = BigInt(digits)
    else found.persistent = BigInt(digits)
  }
  return found
}

const providedPages = (facts: BootFacts, size: PageSize): Pages => {
  const { line, sysctls, target, defaultSize } = facts
  const onLine = pagesOnLine(line, target).get(size) ?? 0n
  if (size !== defaultSize) return onLine
  const { persistent = onLine, overcommit = 0n } = settingsIn([
    sysctlsOnLine(line, target),
    ...sysctls,
  ])
  return persistent + overcommit
}

/**
 * Compares the minimum size of a mount with what the kernel command line and sysctl provide before
 * the mounts of a start are made. Returns undefined where that is enough. Pages that come later, by
 * systemd-tmpfiles or a service, are not counted, nor is what other mounts take.
 */
export const lackingAtStart = (
  { pageSize, minSize = 0n }: DesiredMount,
  facts: BootFacts,
): PagesAtStart | undefined => {
  const needed = minSize / pageSize
  const provided = providedPages(facts, pageSize)
  return needed > provided ? { needed, provided } : undefined
}

export const lackingWords = (target: string, { needed, provided }: PagesAtStart): string =>
  `${target}: the minimum size takes ${plural(needed, 'page')} at every start, and ${provided === 0n ? 'nothing that hugepool can see provides any' : `no more than ${provided} can be seen to be provided`} before it is mounted: the mount would fail`

/** Says what would provide the pages. Settings of sysctl do so for the default size alone. */
export const lackingHint = (
  size: PageSize,
  { needed }: PagesAtStart,
  defaultSize: PageSize | undefined,
): string => {
  const word = `'hugepagesz=${formatSize(size)} hugepages=${needed}' on the kernel command line`
  return size === defaultSize
    ? `'vm.nr_hugepages = ${needed}' in a file of /etc/sysctl.d provides them, or ${word}`
    : `${word} provides them`
}
