import { ascending, type Bytes } from '../words/bytes.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { allocateAll } from './boot-allocation.ts'
import type { BootMachine } from './boot-machine.ts'
import { splitKept } from './command-line.ts'
import { readEarlyWords } from './early-words.ts'
import { tellIdleWords } from './idle-words.ts'
import { kernelMessages } from './kernel-messages.ts'
import { type KernelSeries, rulesOf } from './kernel-series.ts'
import { readLateWords } from './late-words.ts'
import { cutOffWords, ourWords } from './our-words.ts'
import {
  nothingWanted,
  type Reader,
  type ReadLine,
  retoldAll,
  type WordFate,
  wantedFor,
} from './read-line.ts'
import { applySysctls } from './sysctl-words.ts'
import { pagesOnAll } from './taken-pages.ts'

/** The pages of one size once a kernel has started. */
export interface PredictedPool {
  readonly size: PageSize
  readonly total: Pages
  readonly nodes: readonly { readonly node: NodeId; readonly total: Pages }[]
}

/** What a line comes to on a machine. */
export interface BootPrediction {
  /** False where the kernel ends before it says a word. */
  readonly boots: boolean
  readonly defaultSize: PageSize
  /** The pools, smallest page size first. */
  readonly pools: readonly PredictedPool[]
  /** What the kernel keeps as the number of pages of the default size: `vm.nr_hugepages`. */
  readonly kept: Pages
  readonly areas: ReadonlyMap<NodeId, Bytes>
  /** What the kernel says, in the order of its log. */
  readonly messages: readonly string[]
  /** What comes of the words about huge pages, in the order of the line. */
  readonly words: readonly WordFate[]
}

const firstState = (machine: BootMachine, fates: readonly WordFate[]): ReadLine => ({
  sizes: [],
  isValid: true,
  implicit: nothingWanted,
  wanted: new Map(),
  pages: new Map(),
  skipsGigantic: false,
  areas: new Map(),
  threads: BigInt(Math.max(1, Math.floor(machine.cpus / 4))),
  messages: [],
  fates,
})

/**
 * Makes the usual size the default where no word names one. A count that came before any size is
 * for the default then.
 */
const settleDefault = ({ machine }: Reader, state: ReadLine): ReadLine => {
  if (state.defaultSize !== undefined) return state
  const size = machine.usualSize
  const known = { ...state, defaultSize: size }
  const { implicit } = state
  if (implicit.count === 0n) return known
  const before = wantedFor(state, size)
  const messages =
    before.count > 0n
      ? [kernelMessages.ignored(before.count, size), kernelMessages.using(implicit.count)]
      : []
  return {
    ...known,
    wanted: new Map(state.wanted).set(size, implicit),
    messages: [...state.messages, ...messages],
    fates: retoldAll(state.fates, before, present({ result: 'overridden', message: messages[0] })),
  }
}

const predictedPools = ({ machine }: Reader, { pages }: ReadLine): readonly PredictedPool[] =>
  [...machine.sizes].sort(ascending).map((size) => {
    const had = pages.get(size)
    return {
      size,
      total: pagesOnAll(had),
      nodes: machine.nodes.map(({ node }) => ({ node, total: had?.get(node) ?? 0n })),
    }
  })

/**
 * Returns what a kernel of a series makes of a command line on a machine. It does what
 * mm/hugetlb.c and its neighbours do in the order of a start; see hugepool-boot(8).
 */
export const predictBoot = (
  line: string,
  series: KernelSeries,
  machine: BootMachine,
): BootPrediction => {
  const reader = { rules: rulesOf(series), machine }
  const words = splitKept(line, machine.lineKept)
  const early = readEarlyWords(reader, firstState(machine, ourWords(words)), words.words)
  const read = readLateWords(reader, early, words.words)
  const settled = allocateAll(reader, settleDefault(reader, read), false)
  const last = applySysctls(reader, settled, words.words)
  const defaultSize = last.defaultSize ?? machine.usualSize
  return {
    boots: !last.fates.some(({ result }) => result === 'no-boot'),
    defaultSize,
    pools: predictedPools(reader, last),
    kept: wantedFor(last, defaultSize).count,
    areas: last.areas,
    messages: last.messages,
    words: tellIdleWords([...last.fates, ...cutOffWords(words)]),
  }
}
