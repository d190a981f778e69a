import { unsupported, usage } from '../../errors.ts'
import { isGigantic } from '../pools/gigantic.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { areasAsked } from './asked-areas.ts'
import { type AskedPages, checkSize, pagesAsked } from './asked-pages.ts'
import { formatSeries, rulesOf } from './kernel-series.ts'
import type { CmaRequest, LineRequest, LineTarget } from './line-request.ts'

/** All that a line has to bring. This kernel and machine can have each part of it. */
export interface AskedLine {
  readonly defaultSize?: PageSize
  /** The pages, largest page size first. */
  readonly pages: readonly AskedPages[]
  readonly areas?: CmaRequest
  readonly freeVmemmap?: boolean
}

/**
 * A kernel with areas of CMA, and without hugetlb_cma_only, allocates no gigantic page when it
 * starts (mm/hugetlb.c).
 */
const checkBesideAreas = ({ machine }: LineTarget, { pages, areas }: AskedLine): void => {
  const gigantic = pages.find(({ size }) => isGigantic(machine, size))
  if (areas === undefined || gigantic === undefined) return
  throw usage(
    `pages of ${formatSize(gigantic.size)} and '${areas.text}' do not go together: a kernel with hugetlb_cma allocates no gigantic pages when it starts`,
    "leave the pages off the line: 'hugepool apply' and 'hugepool resize' take them from the area of CMA",
  )
}

/**
 * A kernel that does not know the word frees no page structs, so that `off` needs no word there.
 */
const freeVmemmapFor = (
  { series, machine }: LineTarget,
  asked: boolean | undefined,
): boolean | undefined => {
  const isKnown = rulesOf(series).freeVmemmap !== 'unknown'
  if (asked === undefined || (isKnown && machine.hasFreeVmemmap)) return asked
  if (!asked) return undefined
  if (!machine.hasFreeVmemmap)
    throw unsupported(
      'no-feature',
      'this kernel has no hugetlb_free_vmemmap: on this architecture none frees the page structs of huge pages',
    )
  throw unsupported(
    'no-feature',
    `Linux ${formatSeries(series)} has no hugetlb_free_vmemmap: 5.14 is the first that does`,
  )
}

/** Counts the words of pages that a line takes: one for the default, and two for each size. */
const wordsOfPages = ({ defaultSize, pages }: AskedLine): number =>
  (defaultSize === undefined ? 0 : 1) + 2 * pages.length

const checkWordsKept = ({ series, machine }: LineTarget, asked: AskedLine): void => {
  const words = wordsOfPages(asked)
  if (!rulesOf(series).early || words <= machine.wordsKept) return
  throw unsupported(
    'no-feature',
    `this takes ${words} words of pages, and Linux ${formatSeries(series)} drops what comes after ${machine.wordsKept} of them`,
    "fewer page sizes take fewer words; 'hugepool apply' provides the other pools",
  )
}

/**
 * Returns what a request asks for. Throws E_USAGE for words that a command line cannot have, and
 * E_UNSUPPORTED for what this kernel, its processor or the machine lacks.
 */
export const allAsked = (target: LineTarget, request: LineRequest): AskedLine => {
  const { assignments, defaultSize, cma, freeVmemmap } = request
  if (defaultSize !== undefined) checkSize(target, defaultSize)
  const asked: AskedLine = present({
    defaultSize,
    pages: pagesAsked(target, assignments),
    areas: cma && areasAsked(target, cma),
    freeVmemmap: freeVmemmapFor(target, freeVmemmap),
  })
  checkBesideAreas(target, asked)
  checkWordsKept(target, asked)
  return asked
}
