import type { TouchedPages, TouchRequest } from '../../../kernel/native/native-mapping.ts'
import { readPid } from '../../../kernel/processes/proc-self.ts'
import { type NodePages, placedList, placedOn } from '../../../model/mapping/frames.ts'
import { pagesAfter } from '../../../model/mapping/mapping-plan.ts'
import type { MappingFailure } from '../../../model/mapping/mapping-result.ts'
import { deviceTouchWords, touchWords } from '../../../model/mapping/mapping-words.ts'
import { faultReason } from '../../../model/mapping/reasons/fault-reason.ts'
import type { TouchStep } from '../../../model/mapping/touch-steps.ts'
import { stuckSeconds } from '../../../model/mapping/touch-steps.ts'
import type { Pool } from '../../../model/pools/machine.ts'
import { fewer, type Pages } from '../../../model/words/count.ts'
import type { NodeId } from '../../../model/words/node-list.ts'
import { plural } from '../../../model/words/plural.ts'
import { present } from '../../../model/words/present.ts'
import { gatherFaultFacts } from '../gather-fault-facts.ts'
import { withHolders } from '../holders-advice.ts'
import { pageNodes } from '../mapped-pages.ts'
import { goneFailure } from '../process-gone.ts'
import type { MappedPart, RunningTest } from '../running-test.ts'
import { threadPolicy } from '../thread-policy.ts'
import { addPlaced, type Toucher, type TouchState } from './touch-state.ts'
import { watchTouch } from './watch-touch.ts'

const touchRequest = (
  { mapper }: RunningTest,
  { part, source }: MappedPart,
  step: TouchStep,
): TouchRequest =>
  present({
    from: Number(step.from),
    to: Number(step.to),
    threads: part.threads,
    cpus: part.cpus,
    policy: part.policy && threadPolicy(part.policy),
    // MADV_POPULATE_WRITE fails with EINVAL on the memory of a device.
    way: mapper.canPopulate() && source.kind !== 'device' ? 'populate' : 'store',
    stuckSeconds,
  })

/** Where MADV_POPULATE_WRITE fails with EFAULT, a program that stores to the page gets SIGBUS. */
export const asMet = (errno: string): string => (errno === 'EFAULT' ? 'SIGBUS' : errno)

const touchFailure = async (
  test: RunningTest,
  mapped: MappedPart,
  touched: Pages,
  { page, errno }: { readonly page: number; readonly errno: string },
): Promise<MappingFailure> => {
  const { part, source, first } = mapped
  const { plan } = test
  const whole = first + BigInt(page)
  const end = fewer(first + part.pages, plan.touch)
  const later = pagesAfter(plan, end)
  const refused = { part, source, wanted: end - touched, page: BigInt(page), later }
  const met = asMet(errno)
  const facts = gatherFaultFacts(test, refused)
  const reason = faultReason(met, facts)
  const full =
    met === 'SIGBUS'
      ? await test.actor.asCaller(() => withHolders(test.ports, facts, true, reason))
      : reason
  return { page: whole, errno: met, ...full }
}

/** The pages touched since the counters were last read. */
interface TouchedSince {
  pages: Pages
  placed: Map<NodeId, Pages>
}

const touchedWords = (
  { signals }: RunningTest,
  { isDevice }: TouchState,
  moved: { readonly pages: Pages; readonly placed: readonly NodePages[] },
  before: Pool,
  now: Pool,
): string => {
  if (isDevice) return deviceTouchWords(before, now, moved.pages)
  // Threads finish their current page after a signal, and this count does not include it.
  if (signals.pending() !== undefined)
    return `${plural(moved.pages, 'page')} touched, then a signal came`
  return touchWords(before, now, moved)
}

const addReading = (
  test: RunningTest,
  state: TouchState,
  since: TouchedSince,
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
  log.add(
    'touch',
    (before, now) => `${by}${touchedWords(test, state, moved, before, now)}${far}${end}`,
  )
}

/** Touches the pages of a step. Returns undefined where the process that touches has ended. */
const touchedPages = async (
  test: RunningTest,
  mapped: MappedPart,
  toucher: Toucher,
  step: TouchStep,
  state: TouchState,
): Promise<TouchedPages | undefined> => {
  try {
    return await watchTouch(test, toucher, touchRequest(test, mapped, step), {
      did: 'touched',
      before: state.pages,
      wanted: test.plan.touch,
    })
  } catch (error) {
    const { process } = step
    const [from, to] = [Number(step.from), Number(step.to)]
    const { pid } = toucher
    const sharer = present({ process, from, to, pid })
    const failure = goneFailure(test, error, sharer)
    if (failure) state.failure = failure
    return undefined
  }
}

/** Touches the pages of one step. Returns false where it ended early. */
const touchStep = async (
  test: RunningTest,
  mapped: MappedPart,
  toucher: Toucher,
  step: TouchStep,
  state: TouchState,
  since: TouchedSince,
): Promise<boolean> => {
  const touched = await touchedPages(test, mapped, toucher, step, state)
  if (touched === undefined) return false
  const reached = BigInt(touched.reached)
  state.reached = mapped.first + reached
  const nodes = await pageNodes(toucher, step.from, reached)
  if (nodes === undefined && mapped.source.kind !== 'device') state.unplaced = true
  const placed = placedOn(nodes ?? [])
  if (mapped.source.kind === 'device') state.isDevice = true
  state.pages += BigInt(touched.pages)
  since.pages += BigInt(touched.pages)
  state.seconds += touched.seconds
  // Pages that were populated at mapping time were populated by one thread.
  if (state.populated === 0n) {
    // No more threads are started than there are pages.
    const threads = Math.min(mapped.part.threads, Number(step.to - step.from))
    state.threads = Math.max(state.threads, threads)
  }
  addPlaced(state.placed, placed)
  addPlaced(since.placed, placed)
  if (touched.failure)
    state.failure = await touchFailure(test, mapped, state.pages, touched.failure)
  return touched.failure === undefined && !touched.stopped
}

/**
 * Touches the pages of a plan step by step, and reads the counters after steps marked `counted`.
 * Ends early at a signal or at a page that the kernel does not provide.
 */
export const touchParts = async (
  test: RunningTest,
  mappedParts: readonly MappedPart[],
  toucherOf: (step: TouchStep) => Toucher,
  state: TouchState,
): Promise<void> => {
  let since: TouchedSince = { pages: 0n, placed: new Map() }
  for (const step of test.plan.touchSteps) {
    if (test.signals.pending() !== undefined) return
    const mapped = mappedParts[step.part] as MappedPart
    const toucher = toucherOf(step)
    const whole = await touchStep(test, mapped, toucher, step, state, since)
    if (whole && !step.counted) continue
    addReading(test, state, since, { process: step.process, pid: toucher.pid })
    if (!whole) return
    since = { pages: 0n, placed: new Map() }
  }
}
