import type { SharedMapping } from '../../kernel/mapping/sharing/process-mapping.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readCpus } from '../../kernel/processes/proc-self.ts'
import { planMapping } from '../../model/mapping/mapping-plan.ts'
import type { MappingRequest } from '../../model/mapping/mapping-request.ts'
import {
  type MappingFailure,
  type MappingResult,
  outcomeOf,
} from '../../model/mapping/mapping-result.ts'
import { mapWords, releaseWords, startWords } from '../../model/mapping/mapping-words.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { explainCall } from './call-errors.ts'
import { endWords, waitForReturn } from './end-check.ts'
import { holdMapping } from './hold-mapping.ts'
import { type Looked, lookAtPages, nothingSeen } from './look-at-pages.ts'
import { mapAndPopulate } from './map-and-populate.ts'
import { openSource, type Source } from './mapping-source.ts'
import { checkEachOther, shareArea } from './other-processes.ts'
import { stepLog } from './reading-log.ts'
import type { Area, MappingTest } from './running-test.ts'
import { touchParts } from './touch/touch-parts.ts'
import { newTouchState, placedSoFar, type TouchState } from './touch/touch-state.ts'

/** A path is called the same in everything that is said. */
const withWholePath = (request: MappingRequest): MappingRequest =>
  request.path === undefined ? request : { ...request, path: absolutePath(request.path) }

const prepare = async (ports: Ports, request: MappingRequest): Promise<MappingTest> => {
  const mapper = await ports.mapper()
  const machine = readMachine(ports.tree)
  const plan = planMapping(machine, withWholePath(request), readCpus(ports.tree))
  const signals = ports.watchSignals()
  return { ports, mapper, plan, signals, log: stepLog(ports.tree, plan.size, startWords) }
}

/** What a test has in hand, all of it to be given back. */
interface Hands {
  readonly sources: Source[]
  readonly areas: Area[]
  /** Mappings of other processes. */
  readonly others: SharedMapping[]
}

const createdWords: Readonly<Record<string, string>> = {
  file: 'an unnamed file on',
  memfd: 'a memfd',
  path: 'the file',
  device: 'the device',
}

const openSources = ({ mapper, ports, plan, log }: MappingTest, { sources }: Hands): void => {
  for (const _ of plan.parts) sources.push(openSource(mapper, ports.tree, plan))
  const [{ kind, place } = { kind: 'anon' }] = sources
  const words = createdWords[kind]
  const step = kind === 'path' || kind === 'device' ? 'open' : 'create'
  if (words !== undefined) log.add(step, () => (place === undefined ? words : `${words} ${place}`))
}

const unmapAll = async ({ areas, others }: Hands): Promise<void> => {
  await Promise.all(others.splice(0).map((other) => other.unmap()))
  for (const { mapping } of areas.splice(0)) await mapping.unmap()
}

const closeAll = ({ sources }: Hands): void => {
  for (const source of sources.splice(0)) source.close()
}

/** What keeps pages of a shared mapping when it is gone. */
const keeperOf = ({ plan }: MappingTest, [source]: readonly Source[]): string | undefined => {
  if (plan.sharing === 'private' || source?.descriptor === undefined) return undefined
  return source.kind === 'memfd' ? 'memfd' : 'file'
}

/** Whether files go when they are closed: those that were made here, and those deleted meanwhile. */
const goWithUs = ({ mapper }: MappingTest, { sources }: Hands): boolean =>
  sources.some(
    ({ isFile, descriptor }) => isFile && descriptor !== undefined && !mapper.isNamed(descriptor),
  )

/** Gives everything back, and says step by step what came of it; whether files went with it. */
const release = async (test: MappingTest, hands: Hands): Promise<boolean> => {
  const { log } = test
  const mapped = hands.areas.length > 0
  const keeper = keeperOf(test, hands.sources)
  const go = goWithUs(test, hands)
  await unmapAll(hands)
  // What a file has stays there for as long as it is open or has a name.
  if (keeper === undefined) await waitForReturn(test)
  if (mapped) log.add('unmap', (_, now) => releaseWords(log.start, now, keeper))
  closeAll(hands)
  if (!go) return false
  await waitForReturn(test)
  log.add('delete', (_, now) => releaseWords(log.start, now))
  return true
}

const use = async (test: MappingTest, hands: Hands, state: TouchState): Promise<Looked> => {
  const { log, plan, signals } = test
  log.add('map', (before, now) =>
    mapWords(before, now, plan.noreserve, hands.sources[0]?.kind === 'device'),
  )
  if (signals.pending() !== undefined) return nothingSeen
  const { areas, others } = hands
  const [area] = areas
  const gone = area && (await shareArea(test, area, others))
  if (gone) return { words: [], failure: gone }
  if (signals.pending() !== undefined) return nothingSeen
  await touchParts(
    test,
    areas,
    ({ part, process }) => others[process - 1] ?? (areas[part] as Area).mapping,
    state,
  )
  const check =
    area && others.length > 0 ? () => checkEachOther(test, area, others, state) : undefined
  const looked = await lookAtPages(test, areas, state, check)
  if (state.failure !== undefined || looked.failure !== undefined) return looked
  const ended = await holdMapping(test, areas, others)
  return ended ? { ...looked, failure: ended } : looked
}

const unplacedWords = 'the kernel does not tell on which nodes the pages lie (move_pages)'

const conclude = (
  test: MappingTest,
  state: TouchState,
  looked: Looked,
  refusal: MappingFailure | undefined,
  isDeleted: boolean,
): MappingResult => {
  const { plan, log, signals } = test
  const failure = refusal ?? state.failure ?? looked.failure
  const signal = signals.pending()
  const end = endWords(test, log.look(), isDeleted)
  return present({
    plan,
    outcome: outcomeOf(state.pages, plan, failure !== undefined),
    steps: log.steps,
    placed: placedSoFar(state),
    frames: looked.frames,
    runs: looked.runs,
    ...(state.pages > 0n && {
      touching: present({
        pages: state.pages,
        seconds: state.seconds,
        threads: state.threads,
        ...(state.populated > 0n
          ? { populated: state.populated }
          : plan.processes > 1 && { processes: plan.processes }),
        isDevice: state.isDevice,
      }),
    }),
    verified: looked.verified,
    processes: looked.processes ?? [],
    failure,
    signal,
    words: [...looked.words, ...(state.unplaced ? [unplacedWords] : []), ...end.words],
    advice: [...(failure?.advice ?? []), ...end.advice],
  })
}

/**
 * Does what an application does with huge pages, and reads the pool's counters at each step. What
 * the kernel refuses for want of pages is a result; all else is thrown. Whatever happens, the
 * mapping is released.
 */
export const testMapping = async (
  ports: Ports,
  request: MappingRequest,
): Promise<MappingResult> => {
  const test = await prepare(ports, request)
  const hands: Hands = { sources: [], areas: [], others: [] }
  const state = newTouchState()
  try {
    openSources(test, hands)
    const refusal = await mapAndPopulate(test, hands.sources, hands.areas, state)
    const looked = refusal === undefined ? await use(test, hands, state) : nothingSeen
    const isDeleted = await release(test, hands)
    return conclude(test, state, looked, refusal, isDeleted)
  } catch (error) {
    throw explainCall(error, 'the test')
  } finally {
    await unmapAll(hands)
    closeAll(hands)
  }
}
