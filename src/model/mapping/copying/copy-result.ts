import type { HugepoolError } from '../../../errors.ts'
import type { Bytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { NodePages } from '../frames.ts'
import { type CopyPlan, roundingWords } from './copy-plan.ts'
import { sourceName } from './copy-request.ts'

/** The result of a copy. */
export interface CopiedFile {
  readonly kind: 'copied'
  readonly plan: CopyPlan
  /** The bytes that the source had. */
  readonly bytes: Bytes
  /** The length of the target. */
  readonly length: Bytes
  /** The pages that the file on hugetlbfs has. */
  readonly pages: Pages
  /** The nodes on which the pages of the target lie, as far as the kernel shows it. */
  readonly placement: readonly NodePages[]
  readonly seconds: number
  readonly verified: boolean
}

/** A copy that was only planned, where nothing stands in its way. */
export interface PlannedCopy {
  readonly kind: 'dry-run'
  readonly plan: CopyPlan
  /** The error that a real run would meet for lack of a permission; absent where there is none. */
  readonly denied?: HugepoolError
}

/** Returns how many pages of the file on hugetlbfs are holes. */
export const holesOf = ({ plan, pages, bytes, length }: CopiedFile): Pages => {
  const ofFile = plan.onto ? length : bytes
  const whole = (ofFile + plan.pageSize - 1n) / plan.pageSize
  return whole > pages ? whole - pages : 0n
}

/** Says how much longer the target is, and what a program needs that touches a hole in it. */
export const copyNotes = (copied: CopiedFile): readonly string[] => {
  const { plan, bytes } = copied
  const size = formatSize(plan.pageSize)
  const holes = plan.onto ? holesOf(copied) : 0n
  const sparse = `${plan.target}: ${plural(holes, 'page is a hole', 'pages are holes')}: a program that touches one needs a page of the pool for it`
  return [...roundingWords(plan, bytes, size), ...(holes > 0n ? [sparse] : [])]
}

/** Says before a copy what is not known of it yet, and how much longer the target will be. */
export const plannedNotes = (plan: CopyPlan): readonly string[] => {
  const { bytes, pageSize, onto } = plan
  if (bytes === undefined)
    return [
      `${sourceName(plan.source)}: its length is not known, so neither is the number of pages`,
    ]
  const unclear = onto && plan.pages === undefined
  return [
    ...roundingWords(plan, bytes, formatSize(pageSize)),
    ...(unclear
      ? [
          `${plan.source}: hugetlbfs does not show where its holes are, so they are found while copying`,
        ]
      : []),
  ]
}
