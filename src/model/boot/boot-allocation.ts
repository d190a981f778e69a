import { isGigantic } from '../pools/gigantic.ts'
import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'
import { nodesWithMemory } from './boot-machine.ts'
import type { LineWord } from './command-line.ts'
import { isByNode } from './count-fates.ts'
import { kernelMessages } from './kernel-messages.ts'
import {
  type Reader,
  type ReadLine,
  retold,
  retoldAll,
  type WantedPages,
  wantedFor,
} from './read-line.ts'
import { pagesOnAll, piecesOf, takeFrom, takeInTurn } from './taken-pages.ts'

const hadOf = ({ pages }: ReadLine, size: PageSize): Pages => pagesOnAll(pages.get(size))

const fellShort = (state: ReadLine, word: LineWord | undefined, message: string): ReadLine => ({
  ...state,
  messages: [...state.messages, message],
  fates: retold(state.fates, word, { result: 'short', message }),
})

const withWanted = (state: ReadLine, size: PageSize, wanted: WantedPages): ReadLine => ({
  ...state,
  wanted: new Map(state.wanted).set(size, wanted),
})

/**
 * Allocates the pages of one node as hugetlb_hstate_alloc_pages_onenode of mm/hugetlb.c does. Pages
 * that it cannot get are taken off what is wanted.
 */
const allocateOnNode =
  (reader: Reader, size: PageSize) =>
  (state: ReadLine, [node, count]: readonly [NodeId, Pages]): ReadLine => {
    const exact = reader.rules.exactNodes || !isGigantic(reader.machine, size)
    const pages = takeFrom(reader.machine, state.pages, { size, node, count, exact })
    const after = { ...state, pages }
    const got = hadOf(after, size) - hadOf(state, size)
    if (got === count) return after
    const wanted = wantedFor(state, size)
    const told = fellShort(
      after,
      wanted.nodeWords.get(node) ?? wanted.word,
      kernelMessages.shortOnNode(count, size, node, got),
    )
    return withWanted(told, size, {
      ...wanted,
      count: BigInt.asUintN(64, wanted.count - (count - got)),
      nodes: new Map(wanted.nodes).set(node, got),
    })
  }

const allocateOnNodes = (reader: Reader, state: ReadLine, size: PageSize): ReadLine =>
  [...wantedFor(state, size).nodes]
    .filter(([, count]) => count > 0n)
    .sort(([a], [b]) => a - b)
    .reduce(allocateOnNode(reader, size), state)

const threadsFor = ({ rules, machine }: Reader, { threads }: ReadLine): bigint =>
  rules.pieces === 'threads' ? threads : 2n * BigInt(nodesWithMemory(machine).length)

/**
 * Allocates pages from all nodes in turn. From 6.8 on the kernel cuts a count of pages that are not
 * gigantic into pieces, each of which begins on the first node.
 */
const allocateAnywhere = (reader: Reader, state: ReadLine, size: PageSize): ReadLine => {
  const wanted = wantedFor(state, size)
  const { machine, rules } = reader
  const isWhole = isGigantic(reader.machine, size) || rules.pieces === 'one'
  const pieces = isWhole ? [wanted.count] : piecesOf(wanted.count, threadsFor(reader, state))
  // A count that is not cut goes on with the node behind the one that gave the page before.
  const first = isWhole ? hadOf(state, size) : 0n
  const pages = pieces.reduce(
    (taken, count) => takeInTurn(machine, taken, { size, count, first }),
    state.pages,
  )
  const after = { ...state, pages }
  const got = hadOf(after, size) - hadOf(state, size)
  if (got >= wanted.count) return after
  const told = fellShort(after, wanted.word, kernelMessages.short(wanted.count, size, got))
  return withWanted(told, size, { ...wanted, count: got })
}

/** Allocates what is wanted of a size, as hugetlb_hstate_alloc_pages of mm/hugetlb.c does. */
export const allocate = (reader: Reader, state: ReadLine, size: PageSize): ReadLine => {
  const wanted = wantedFor(state, size)
  if (isGigantic(reader.machine, size) && state.skipsGigantic && state.sizes.includes(size))
    return {
      ...state,
      messages: state.messages.includes(kernelMessages.skipped)
        ? state.messages
        : [...state.messages, kernelMessages.skipped],
      fates: retoldAll(state.fates, wanted, {
        result: 'ignored',
        message: kernelMessages.skipped,
      }),
    }
  if (wanted.count === 0n) return state
  return isByNode(wanted)
    ? allocateOnNodes(reader, state, size)
    : allocateAnywhere(reader, state, size)
}

/**
 * Allocates what is wanted of all gigantic sizes, or of all others. The sizes that words name come
 * first, in the order of the words.
 */
export const allocateAll = (reader: Reader, state: ReadLine, gigantic: boolean): ReadLine =>
  [...new Set([...state.sizes, ...reader.machine.sizes])]
    .filter((size) => isGigantic(reader.machine, size) === gigantic)
    .reduce((before, size) => allocate(reader, before, size), state)
