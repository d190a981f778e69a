import type { ProcessMapping } from '../../kernel/mapping/sharing/process-mapping.ts'
import type { MappingRequest } from '../../model/mapping/mapping-request.ts'
import {
  type MappingFailure,
  type MappingResult,
  testOutcome,
} from '../../model/mapping/mapping-result.ts'
import { mapWords, releaseWords } from '../../model/mapping/mapping-words.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { explainCall } from './call-errors.ts'
import { endWords, waitForReturn } from './end-check.ts'
import { writeInChild } from './fork-child.ts'
import { holdMapping } from './hold-mapping.ts'
import { lookAtPages, nothingSeen, type PagesSeen } from './look-at-pages.ts'
import { mapAndPopulate } from './map-and-populate.ts'
import { type MappingSource, openSource } from './mapping-source.ts'
import { checkEachOther, startOtherProcesses } from './other-processes.ts'
import { prepareTest } from './prepare-test.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import { touchParts } from './touch/touch-parts.ts'
import { newTouchState, placedSoFar, type TouchState } from './touch/touch-state.ts'
import { warnOfUntouched } from './untouched-pages.ts'

/** Everything that a test has to release at its end. */
interface HeldResources {
  readonly sources: MappingSource[]
  readonly mappedParts: MappedPart[]
  /** The mappings of the other processes. */
  readonly others: ProcessMapping[]
}

const createdWords: Readonly<Record<string, string>> = {
  file: 'an unnamed file on',
  memfd: 'a memfd',
  path: 'the file',
  device: 'the device',
}

const openSources = (
  { mapper, ports, plan, log }: RunningTest,
  { sources }: HeldResources,
): void => {
  for (const _ of plan.parts) sources.push(openSource(mapper, ports.tree, plan))
  const [{ kind, path } = { kind: 'anon' }] = sources
  const words = createdWords[kind]
  const step = kind === 'path' || kind === 'device' ? 'open' : 'create'
  if (words !== undefined) log.add(step, () => (path === undefined ? words : `${words} ${path}`))
}

const unmapAll = async ({ mappedParts, others }: HeldResources): Promise<void> => {
  await Promise.all(others.splice(0).map((other) => other.unmap()))
  for (const { mapping } of mappedParts.splice(0)) await mapping.unmap()
}

const closeAll = ({ sources }: HeldResources): void => {
  for (const source of sources.splice(0)) source.close()
}

/** Tells what keeps the pages of a shared mapping after it is unmapped: a file or a memfd. */
const keeperOf = (
  { plan }: RunningTest,
  [source]: readonly MappingSource[],
): string | undefined => {
  if (plan.sharing === 'private' || source?.descriptor === undefined) return undefined
  return source.kind === 'memfd' ? 'memfd' : 'file'
}

/** Whether closing deletes a file: a file without a name, or one deleted during the test. */
const goWithUs = ({ mapper }: RunningTest, { sources }: HeldResources): boolean =>
  sources.some(
    ({ isFile, descriptor }) => isFile && descriptor !== undefined && !mapper.isNamed(descriptor),
  )

/** Releases everything and logs each step. Returns whether a file was deleted by closing it. */
const releaseAll = async (test: RunningTest, held: HeldResources): Promise<boolean> => {
  const { log } = test
  const mapped = held.mappedParts.length > 0
  const keeper = keeperOf(test, held.sources)
  const go = goWithUs(test, held)
  await unmapAll(held)
  // A file keeps its pages as long as it is open or has a name.
  if (keeper === undefined) await waitForReturn(test)
  if (mapped) log.add('unmap', (_, now) => releaseWords(log.start, now, keeper))
  closeAll(held)
  if (!go) return false
  await waitForReturn(test)
  log.add('delete', (_, now) => releaseWords(log.start, now))
  return true
}

const useMapping = async (
  test: RunningTest,
  held: HeldResources,
  state: TouchState,
): Promise<PagesSeen> => {
  const { log, plan, signals } = test
  log.add('map', (before, now) =>
    mapWords(before, now, plan.noreserve, held.sources[0]?.kind === 'device'),
  )
  if (signals.pending() !== undefined) return nothingSeen
  const { mappedParts, others } = held
  const [mapped] = mappedParts
  const gone = mapped && (await startOtherProcesses(test, mapped, others))
  if (gone) return { words: [], failure: gone }
  if (signals.pending() !== undefined) return nothingSeen
  await touchParts(
    test,
    mappedParts,
    ({ part, process }) => others[process - 1] ?? (mappedParts[part] as MappedPart).mapping,
    state,
  )
  const check =
    mapped && others.length > 0 ? () => checkEachOther(test, mapped, others, state) : undefined
  const looked = await lookAtPages(test, mappedParts, state, check)
  if (state.failure !== undefined || looked.failure !== undefined) return looked
  const seen = plan.fork ? await writeInChild(test, mappedParts, state.pages) : {}
  if (seen.failure !== undefined) return { ...looked, ...seen }
  const { words, advice = [] } = warnOfUntouched(test, mappedParts)
  const failure = await holdMapping(test, mappedParts, others)
  return present({ ...looked, ...seen, words: [...looked.words, ...words], advice, failure })
}

const unplacedWords = 'the kernel does not tell on which nodes the pages lie (move_pages)'

/**
 * Makes the totals, which name either the pages that came at mapping time or the processes that
 * touched.
 */
const touchingOf = (state: TouchState, plan: RunningTest['plan']) => {
  const { pages, seconds, threads, isDevice } = state
  const populated = state.populated > 0n ? state.populated : undefined
  const areShared = populated === undefined && plan.processes > 1
  const processes = areShared ? plan.processes : undefined
  return present({ pages, seconds, threads, populated, processes, isDevice })
}

const mappingResult = (
  test: RunningTest,
  state: TouchState,
  looked: PagesSeen,
  refusal: MappingFailure | undefined,
  isDeleted: boolean,
): MappingResult => {
  const { plan, log, signals } = test
  const failure = refusal ?? state.failure ?? looked.failure
  const signal = signals.pending()
  const end = endWords(test, log.look(), isDeleted)
  return present({
    plan,
    outcome: testOutcome(state.pages, plan, failure !== undefined),
    readings: log.readings,
    placed: placedSoFar(state),
    frames: looked.frames,
    runs: looked.runs,
    touching: state.pages > 0n ? touchingOf(state, plan) : undefined,
    verified: looked.verified,
    processes: looked.processes ?? [],
    forked: looked.forked,
    failure,
    signal,
    words: [...looked.words, ...(state.unplaced ? [unplacedWords] : []), ...end.words],
    advice: [...(failure?.advice ?? []), ...(looked.advice ?? []), ...end.advice],
  })
}

/**
 * Maps and touches huge pages as an application does, and reads the pool's counters at each step. A
 * refusal for want of pages is a result; other errors are thrown. The mapping is always released.
 */
export const testMapping = async (
  ports: Ports,
  request: MappingRequest,
): Promise<MappingResult> => {
  const test = await prepareTest(ports, request)
  const held: HeldResources = { sources: [], mappedParts: [], others: [] }
  const state = newTouchState()
  try {
    openSources(test, held)
    const refusal = await mapAndPopulate(test, held.sources, held.mappedParts, state)
    const looked = refusal === undefined ? await useMapping(test, held, state) : nothingSeen
    const isDeleted = await releaseAll(test, held)
    return mappingResult(test, state, looked, refusal, isDeleted)
  } catch (error) {
    throw test.actor.ofUser(explainCall(error, 'the test'))
  } finally {
    await unmapAll(held)
    closeAll(held)
    test.actor.end()
  }
}
