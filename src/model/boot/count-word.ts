import type { Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { allocate } from './boot-allocation.ts'
import type { LineWord } from './command-line.ts'
import { kernelMessages } from './kernel-messages.ts'
import { scanUnsigned } from './kernel-numbers.ts'
import {
  isGiganticAtBoot,
  nothingWanted,
  type Reader,
  type ReadLine,
  retold,
  type WantedPages,
  type WordFate,
  wantedFor,
} from './read-line.ts'

/** The counts of a word, or the rest of it from a place on that is no count. */
type ReadCounts =
  | {
      readonly count: Pages
      readonly nodes: ReadonlyMap<NodeId, Pages>
      readonly ignored: string
      readonly wraps?: boolean
    }
  | { readonly rest: string }

/** Whether the kernel takes a node for one that is there when it reads the line. */
const isOnline = ({ rules, machine }: Reader, node: bigint): boolean =>
  machine.nodes.some(
    (one) => BigInt(one.node) === node && (one.memory > 0n || !rules.refusesBareNodes),
  )

/** Reads `512` or `0:2,1:2` on top of what is wanted: hugepages_setup of mm/hugetlb.c. */
const readCounts = (reader: Reader, text: string, before: WantedPages): ReadCounts => {
  const { saturates } = reader.rules
  let { count } = before
  let wraps = false
  const nodes = new Map(before.nodes)
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
    // max_huge_pages_node of struct hstate has 32 bits, max_huge_pages 64.
    nodes.set(Number(first.value), BigInt.asUintN(32, pages.value))
    wraps ||= count + pages.value >= 1n << 64n
    count = BigInt.asUintN(64, count + pages.value)
    rest = rest.slice(pages.length)
    if (!rest.startsWith(',')) return { count, nodes, ignored: rest, wraps }
    rest = rest.slice(1)
  }
  return { count, nodes, ignored: '', wraps }
}

/** Before 5.16 only the first number is read, and no number is 0. */
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

/** A word that the kernel leaves with a message. */
export const ignoredWord = (state: ReadLine, word: LineWord, message: string): ReadLine => ({
  ...state,
  messages: [...state.messages, message],
  fates: retold(state.fates, word, { result: 'ignored', message }),
})

/**
 * What the kernel does with a count beside what it says. A sum by nodes is an unsigned long, and with
 * one of 0 nothing is allocated, whatever the nodes have.
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

/** What a count asks for, as far as the kernel reads it. */
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

/** Reads `hugepages=N`. */
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
  // An empty value leaves what was wanted, and counts as a count.
  const wanted = { count: read.count, nodes: read.nodes, word }
  const told = retold(
    retold(state.fates, before.word, { result: 'overridden', why: `by ${word.text}` }),
    word,
    {
      ...partlyRead(read),
      ...(text !== '' && { means: countMeaning(target, read) }),
    },
  )
  const after: ReadLine = { ...withTarget({ ...state, fates: told }, wanted), last: target }
  return target !== 'implicit' && !reader.rules.early && isGiganticAtBoot(reader, target)
    ? allocate(reader, after, target)
    : after
}
