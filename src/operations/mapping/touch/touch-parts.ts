import type { Touched, TouchRequest } from '../../../kernel/native/native-mapping.ts'
import { readPid } from '../../../kernel/processes/proc-self.ts'
import { type Placed, placedList, placedOn } from '../../../model/mapping/frames.ts'
import type { MappingFailure } from '../../../model/mapping/mapping-result.ts'
import { touchWords } from '../../../model/mapping/mapping-words.ts'
import { faultReason } from '../../../model/mapping/reasons/fault-reason.ts'
import type { Segment } from '../../../model/mapping/touch-steps.ts'
import type { Pool } from '../../../model/pools/machine.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { NodeId } from '../../../model/words/node-list.ts'
import { plural } from '../../../model/words/plural.ts'
import { present } from '../../../model/words/present.ts'
import { lookAround } from '../gather-fault-facts.ts'
import { nodesOf } from '../page-nodes.ts'
import { goneFailure } from '../process-gone.ts'
import type { Area, MappingTest } from '../running-test.ts'
import { threadPolicy } from '../thread-policy.ts'
import { addPlaced, stuckSeconds, type Toucher, type TouchState } from './touch-state.ts'
import { watchTouch } from './watch-touch.ts'

const requestOf = (
  { mapper }: MappingTest,
  { part, source }: Area,
  segment: Segment,
): TouchRequest =>
  present({
    from: Number(segment.from),
    to: Number(segment.to),
    threads: part.threads,
    cpus: part.cpus,
    policy: part.policy && threadPolicy(part.policy),
    // Memory of a device takes no MADV_POPULATE_WRITE.
    way: mapper.canPopulate() && source.kind !== 'device' ? 'populate' : 'store',
    stuckSeconds,
  })

/** EFAULT of MADV_POPULATE_WRITE is what a program that stores there meets as SIGBUS. */
const asMet = (errno: string): string => (errno === 'EFAULT' ? 'SIGBUS' : errno)

const failureOf = (
  test: MappingTest,
  area: Area,
  touched: Pages,
  { page, errno }: { readonly page: number; readonly errno: string },
): MappingFailure => {
  const { part, source, first } = area
  const whole = first + BigInt(page)
  const asked = { part, source, wanted: test.plan.touch - touched, page: BigInt(page) }
  const met = asMet(errno)
  return { page: whole, errno: met, ...faultReason(met, lookAround(test, asked)) }
}

/** Pages touched since the counters were read. */
interface Since {
  pages: Pages
  placed: Map<NodeId, Pages>
}

const wordsOf = (
  { signals }: MappingTest,
  { isDevice }: TouchState,
  moved: { readonly pages: Pages; readonly placed: readonly Placed[] },
  before: Pool,
  now: Pool,
): string => {
  if (isDevice) return `touched at ${plural(moved.pages, 'place')}`
  // Pages that threads are at come after those that count.
  if (signals.pending() !== undefined)
    return `${plural(moved.pages, 'page')} touched, then a signal came`
  return touchWords(before, now, moved)
}

const addStep = (
  test: MappingTest,
  state: TouchState,
  since: Since,
  { process, pid }: { readonly process: number; readonly pid?: number | undefined },
): void => {
  const { log, plan } = test
  const { failure } = state
  const who = pid ?? readPid(test.ports.tree) ?? '?'
  const by = plan.processes > 1 ? `process ${process + 1} (${who}): ` : ''
  const gone = failure?.mapped ? '; its process ended' : ''
  const end = failure?.page === undefined ? gone : `; page ${failure.page}: ${failure.errno}`
  const moved = { pages: since.pages, placed: placedList(since.placed) }
  const whole = failure !== undefined || state.pages === plan.touch
  const far = whole ? '' : `; ${state.pages} of ${plan.touch}`
  log.touched(state.pages)
  log.add('touch', (before, now) => `${by}${wordsOf(test, state, moved, before, now)}${far}${end}`)
}

/** Undefined where the process that touches has ended. */
const touchedOf = async (
  test: MappingTest,
  area: Area,
  toucher: Toucher,
  segment: Segment,
  state: TouchState,
): Promise<Touched | undefined> => {
  try {
    return await watchTouch(test, toucher, requestOf(test, area, segment), {
      did: 'touched',
      before: state.pages,
      wanted: test.plan.touch,
    })
  } catch (error) {
    const { process } = segment
    const [from, to] = [Number(segment.from), Number(segment.to)]
    const { pid } = toucher
    const sharer = present({ process, from, to, pid })
    const failure = goneFailure(test, error, sharer)
    if (failure) state.failure = failure
    return undefined
  }
}

/** Touches what one segment says; false where that ended before its end. */
const touchSegment = async (
  test: MappingTest,
  area: Area,
  toucher: Toucher,
  segment: Segment,
  state: TouchState,
  since: Since,
): Promise<boolean> => {
  const touched = await touchedOf(test, area, toucher, segment, state)
  if (touched === undefined) return false
  const reached = BigInt(touched.reached)
  state.reached = area.first + reached
  const nodes = await nodesOf(toucher, segment.from, reached)
  if (nodes === undefined && area.source.kind !== 'device') state.unplaced = true
  const placed = placedOn(nodes ?? [])
  if (area.source.kind === 'device') state.isDevice = true
  state.pages += BigInt(touched.pages)
  since.pages += BigInt(touched.pages)
  state.seconds += touched.seconds
  // What mmap faulted in itself, it did in one thread.
  if (state.populated === 0n) {
    // No thread is started that would have no page.
    const threads = Math.min(area.part.threads, Number(segment.to - segment.from))
    state.threads = Math.max(state.threads, threads)
  }
  addPlaced(state.placed, placed)
  addPlaced(since.placed, placed)
  if (touched.failure) state.failure = failureOf(test, area, state.pages, touched.failure)
  return touched.failure === undefined && !touched.stopped
}

/**
 * Touches the pages of a plan, segment by segment, and reads the counters where it says so. Ends
 * early at a page that does not come and at a signal.
 */
export const touchParts = async (
  test: MappingTest,
  areas: readonly Area[],
  toucherOf: (segment: Segment) => Toucher,
  state: TouchState,
): Promise<void> => {
  let since: Since = { pages: 0n, placed: new Map() }
  for (const segment of test.plan.segments) {
    if (test.signals.pending() !== undefined) return
    const area = areas[segment.part] as Area
    const toucher = toucherOf(segment)
    const whole = await touchSegment(test, area, toucher, segment, state, since)
    if (whole && !segment.counted) continue
    addStep(test, state, since, { process: segment.process, pid: toucher.pid })
    if (!whole) return
    since = { pages: 0n, placed: new Map() }
  }
}
