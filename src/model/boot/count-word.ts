import { isGigantic } from '../pools/gigantic.ts'
import type { Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { allocate } from './boot-allocation.ts'
import type { LineWord } from './command-line.ts'
import { toldCounts } from './count-fates.ts'
import { kernelMessages } from './kernel-messages.ts'
import { scanUnsigned } from './kernel-numbers.ts'
import {
  nothingWanted,
  type Reader,
  type ReadLine,
  retold,
  type WantedPages,
  type WordFate,
  wantedFor,
} from './read-line.ts'

/** The counts that a word has, or the rest of the word where it has something else than a count. */
type ReadCounts =
  | {
      readonly count: Pages
      readonly nodes: ReadonlyMap<NodeId, Pages>
      readonly ignored: string
      readonly wraps?: boolean
    }
  | { readonly rest: string }

/** Tells whether the kernel takes a node for one that is there when it reads the line. */
const isOnline = ({ rules, machine }: Reader, node: bigint): boolean =>
  machine.nodes.some(
    (one) => BigInt(one.node) === node && (one.memory > 0n || !rules.refusesBareNodes),
  )

/**
 * Reads `512` or `0:2,1:2`. The numbers of nodes are added to what is wanted already
 * (hugepages_setup of mm/hugetlb.c).
 */
const readCounts = (reader: Reader, text: string, before: WantedPages): ReadCounts => {
  const { saturates } = reader.rules
  let { count } = before
  let wraps = false
  const nodes = new Map<NodeId, Pages>()
  let rest = text
  while (rest !== '') {
    const first = scanUnsigned(rest, saturates)
    if (first === undefined) return { rest }
    if (rest[first.length] !== ':')
      return rest === text
        ? { count: first.value, nodes, ignored: rest.slice(first.length) }
        : { rest }
    if (!isOnline(reader, first.value)) return { rest }
    rest = rest.slice(first.length + 1)
    const pages = scanUnsigned(rest, saturates)
    if (pages === undefined) return { rest }
    // The kernel keeps the pages of a node in 32 bits, and the sum in 64: max_huge_pages_node and
    // max_huge_pages of struct hstate.
    nodes.set(Number(first.value), BigInt.asUintN(32, pages.value))
    wraps ||= count + pages.value >= 1n << 64n
    count = BigInt.asUintN(64, count + pages.value)
    rest = rest.slice(pages.length)
    if (!rest.startsWith(',')) return { count, nodes, ignored: rest, wraps }
    rest = rest.slice(1)
  }
  return { count, nodes, ignored: '', wraps }
}

/** Before 5.16 the kernel reads the first number only, and takes 0 where there is none. */
const readPlainCount = ({ rules }: Reader, text: string): ReadCounts => {
  const { value, length } = scanUnsigned(text, rules.saturates) ?? { value: 0n, length: 0 }
  return { count: value, nodes: new Map(), ignored: text.slice(length) }
}

const withTarget = (state: ReadLine, wanted: WantedPages): ReadLine => {
  const { current, sizes } = state
  return sizes.length === 0 || current === undefined
    ? { ...state, implicit: wanted }
    : { ...state, wanted: new Map(state.wanted).set(current, wanted) }
}

/** Notes that the kernel ignores a word, and with which message. */
export const ignoredWord = (state: ReadLine, word: LineWord, message: string): ReadLine => ({
  ...state,
  messages: [...state.messages, message],
  fates: retold(state.fates, word, { result: 'ignored', message }),
})

/**
 * Tells what the kernel makes of a count without saying so. It adds up the numbers of nodes in an
 * unsigned long, and where the sum wraps to 0 it allocates nothing, whatever the nodes have.
 */
const partlyRead = ({
  count,
  ignored,
  wraps = false,
}: Exclude<ReadCounts, { readonly rest: string }>): Partial<WordFate> => {
  if (wraps)
    return count === 0n
      ? {
          result: 'ignored',
          why: 'the sum of its numbers wraps at 2^64 to 0: no pages are allocated',
        }
      : { why: `the sum of its numbers wraps at 2^64 to ${count}` }
  return ignored === '' ? {} : { why: `'${ignored}' is not read` }
}

/** Says what a count asks for, as far as the kernel reads it. */
const countMeaning = (
  target: PageSize | 'implicit',
  { count, nodes }: Pick<WantedPages, 'count' | 'nodes'>,
): string => {
  const size = target === 'implicit' ? 'the default size' : formatSize(target)
  const onNodes = [...nodes].map(([node, pages]) => `${pages}${onNode(node)}`)
  return nodes.size === 0
    ? `${plural(count, 'page')} of ${size}`
    : `pages of ${size}: ${onNodes.join(', ')}`
}

/** Adds what a word says to what is wanted already. Nodes that it does not name keep their pages. */
const withCounts = (
  before: WantedPages,
  { count, nodes }: Pick<WantedPages, 'count' | 'nodes'>,
  word: LineWord,
): WantedPages => ({
  count,
  nodes: new Map([...before.nodes, ...nodes]),
  nodeWords: new Map([
    ...before.nodeWords,
    ...[...nodes.keys()].map((node) => [node, word] as const),
  ]),
  word,
})

/** Reads `hugepages=N` as hugepages_setup of mm/hugetlb.c does. */
export const countWord = (reader: Reader, state: ReadLine, word: LineWord): ReadLine => {
  const text = word.value ?? ''
  const { current, sizes } = state
  if (!state.isValid)
    return ignoredWord({ ...state, isValid: true }, word, kernelMessages.noSize(text))
  const target = sizes.length === 0 || current === undefined ? 'implicit' : current
  if (state.last === target) return ignoredWord(state, word, kernelMessages.countTwice(text))
  const before = target === 'implicit' ? state.implicit : wantedFor(state, target)
  const read = reader.rules.nodeForm
    ? readCounts(reader, text, before)
    : readPlainCount(reader, text)
  if ('rest' in read)
    return ignoredWord(withTarget(state, nothingWanted), word, kernelMessages.badCount(read.rest))
  // From 5.16 on an empty value leaves what was wanted as it is, but another count behind it is
  // one too many.
  const isIdle = text === '' && reader.rules.nodeForm
  const wanted = isIdle ? before : withCounts(before, read, word)
  const told = retold(state.fates, word, {
    ...partlyRead(read),
    ...(text !== '' && { means: countMeaning(target, read) }),
  })
  const fates = isIdle ? told : toldCounts(told, before, wanted, word)
  const after: ReadLine = { ...withTarget({ ...state, fates }, wanted), last: target }
  return target !== 'implicit' && !reader.rules.early && isGigantic(reader.machine, target)
    ? allocate(reader, after, target)
    : after
}
