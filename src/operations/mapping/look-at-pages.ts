import type { Mapping, VisitLimits } from '../../kernel/native/native-mapping.ts'
import { readBasePage } from '../../kernel/pools/base-page.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import { contiguousRuns, type Frame, type FrameRun, runsWords } from '../../model/mapping/frames.ts'
import type {
  ForkedPages,
  MappingFailure,
  SharingProcess,
} from '../../model/mapping/mapping-result.ts'
import { stuckSeconds } from '../../model/mapping/touch-steps.ts'
import { atLeastNone, fewer, type Pages } from '../../model/words/count.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import { present } from '../../model/words/present.ts'
import { heedingSignals } from './heed-signals.ts'
import { pageNodes } from './mapped-pages.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import type { TouchState } from './touch/touch-state.ts'

/** What was found out about the pages themselves while they were mapped. */
export interface PagesSeen {
  readonly frames?: readonly Frame[]
  readonly runs?: readonly FrameRun[]
  /** The number of pages that were read back as they were written. */
  readonly verified?: Pages
  readonly failure?: MappingFailure
  readonly processes?: readonly SharingProcess[]
  readonly forked?: ForkedPages
  readonly advice?: readonly string[]
  readonly words: readonly string[]
}

export const nothingSeen: PagesSeen = { words: [] }

/** Limits the pages of a part to the first ones. `first` may be below zero and then counts as 0. */
const amongFirst = (pages: Pages, first: Pages): Pages => atLeastNone(fewer(pages, first))

/**
 * Reads the frames of the part's pages up to the last touched one. A mapping without a reservation
 * can have any number of pages beyond it.
 */
const framesOfPart = async (
  { mapper, plan }: RunningTest,
  mapped: MappedPart,
  reached: Pages,
): Promise<readonly Frame[]> => {
  const { mapping, part, first } = mapped
  const pages = amongFirst(part.pages, reached - first)
  if (pages === 0n) return []
  const frames = mapper.frames(mapping, pages, plan.size)
  const nodes = (await pageNodes(mapping, 0n, pages)) ?? []
  return Array.from({ length: Number(pages) }, (_, index) => {
    const [frame, node] = [frames[index], nodes[index]]
    return present({
      page: first + BigInt(index),
      address: mapping.address + BigInt(index) * plan.size,
      frame,
      node,
    })
  })
}

const lookAtFrames = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  reached: Pages,
): Promise<PagesSeen> => {
  const all = mappedParts.map((mapped) => framesOfPart(test, mapped, reached))
  const frames = (await Promise.all(all)).flat()
  const touched = frames.filter(({ frame, node }) => frame !== undefined || node !== undefined)
  const { tree } = test.ports
  const base = readBasePage(tree, readPageSizes(tree))
  const runs = contiguousRuns(touched, test.plan.size, base)
  const size = formatSize(test.plan.size)
  const words =
    runs === undefined
      ? `${size}: the kernel shows frame numbers to CAP_SYS_ADMIN outside of any user namespace only, so runs cannot be told`
      : `${size}: ${runsWords(runs)}`
  return present({ frames: touched, runs, words: [words] })
}

export const verifiedWords = (pages: Pages): string =>
  `${plural(pages, 'page')} read back as written`

const differingPage = (
  first: Pages,
  { page, offset }: { readonly page: number; readonly offset: number },
): MappingFailure => ({
  afterTouch: true,
  page: first + BigInt(page),
  errno: 'EIO',
  reason: 'damaged',
  why: `what was read back differs from what was written, from byte ${offset} of the page on`,
  advice: ['somebody else writes there, or the memory is broken'],
})

/** Makes the failure for a page that was touched before and can no longer be written or read. */
const lostPage = (
  first: Pages,
  failure: { readonly page: number; readonly errno: string } | undefined,
): MappingFailure | undefined =>
  failure && {
    afterTouch: true,
    page: first + BigInt(failure.page),
    errno: failure.errno,
    reason: 'damaged',
    why: 'the page was touched before and is gone: the file was truncated, or the memory is damaged',
    advice: [],
  }

/** Reads back the pattern of the mapping's first `pages`. `first` numbers them within the test. */
export const pagesAgree = async (
  test: RunningTest,
  mapping: Mapping,
  first: Pages,
  pages: Pages,
  limits: VisitLimits,
): Promise<{ readonly verified: Pages; readonly failure?: MappingFailure }> => {
  const work = mapping.verify(0, Number(pages), limits)
  const read = await heedingSignals(test, work, () => mapping.stop())
  const failure = read.difference
    ? differingPage(first, read.difference)
    : lostPage(first, read.failure)
  return present({ verified: BigInt(read.pages), failure })
}

/** Writes a pattern into every touched page and reads it back. Ends early at a signal. */
const verifyParts = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  touched: Pages,
): Promise<PagesSeen> => {
  let verified = 0n
  for (const { mapping, part, first } of mappedParts) {
    const pages = amongFirst(part.pages, touched - first)
    if (pages === 0n) break
    const limits = { threads: part.threads, stuckSeconds }
    const work = mapping.write(0, Number(pages), limits)
    const written = await heedingSignals(test, work, () => mapping.stop())
    // Pages that were not written hold no pattern to read back.
    if (written.stopped) break
    const read = await pagesAgree(test, mapping, first, pages, limits)
    verified += read.verified
    const failure = read.failure ?? lostPage(first, written.failure)
    if (failure !== undefined) return { verified, failure, words: [verifiedWords(verified)] }
    if (test.signals.pending() !== undefined) break
  }
  return verified === 0n ? nothingSeen : { verified, words: [verifiedWords(verified)] }
}

/** Verifies the touched pages and reads their frames, as far as the plan asks for it. */
export const lookAtPages = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  state: TouchState,
  check: () => Promise<PagesSeen> = () => verifyParts(test, mappedParts, state.pages),
): Promise<PagesSeen> => {
  const { plan, signals } = test
  const wanted = plan.verify || plan.processes > 1
  const goes = state.failure === undefined && signals.pending() === undefined
  const checked = wanted && goes && state.pages > 0n ? await check() : undefined
  const unchecked = plan.verify && state.failure !== undefined && state.pages > 0n
  const seen =
    plan.frames && state.pages > 0n
      ? await lookAtFrames(test, mappedParts, state.reached)
      : undefined
  return {
    ...checked,
    ...seen,
    words: [
      ...(checked?.words ?? []),
      ...(unchecked ? ['nothing was read back, for not all pages came'] : []),
      ...(seen?.words ?? []),
    ],
  }
}
