import type { NodeId } from '../words/node-list.ts'
import type { LineWord } from './command-line.ts'
import { type ReadLine, retold, type WantedPages } from './read-line.ts'

type Fates = ReadLine['fates']

/**
 * Tells whether pages are allocated on the nodes that are named: the kernel asks for them alone as
 * soon as one of them has a number (hugetlb_hstate_alloc_pages of mm/hugetlb.c).
 */
export const isByNode = ({ count, nodes }: WantedPages): boolean =>
  count > 0n && [...nodes.values()].some((pages) => pages > 0n)

/** The words whose numbers of nodes count, each with its nodes. */
const nodesOfWords = ({ nodeWords }: WantedPages): ReadonlyMap<LineWord, readonly NodeId[]> => {
  const nodes = new Map<LineWord, NodeId[]>()
  for (const [node, word] of nodeWords) nodes.set(word, [...(nodes.get(word) ?? []), node])
  return nodes
}

const overridden = (fates: Fates, word: LineWord | undefined, by: string): Fates =>
  retold(fates, word, { result: 'overridden', why: `by ${by}` })

/** Tells of an earlier count of nodes how much of it a later count of nodes leaves. */
const toldEarlier = (
  fates: Fates,
  [earlier, nodes]: readonly [LineWord, readonly NodeId[]],
  after: WantedPages,
  word: LineWord,
): Fates => {
  const lost = nodes.filter((node) => after.nodeWords.get(node) === word)
  if (lost.length === nodes.length) return overridden(fates, earlier, word.text)
  if (lost.length === 0) return fates
  return retold(fates, earlier, { why: `node ${lost.join(', ')} has the number of ${word.text}` })
}

/**
 * Tells what a count leaves of those before it for the same size, and they of it. Counts of nodes
 * add up, and win over a count without nodes on either side. A 0 without nodes wins over all.
 */
export const toldCounts = (
  fates: Fates,
  before: WantedPages,
  after: WantedPages,
  word: LineWord,
): Fates => {
  const earlier = nodesOfWords(before)
  const namesNodes = [...after.nodeWords.values()].includes(word)
  if (!isByNode(after))
    return namesNodes
      ? fates
      : [...earlier.keys(), before.word].reduce<Fates>(
          (told, one) => overridden(told, one, word.text),
          fates,
        )
  if (!namesNodes)
    return overridden(fates, word, [...earlier.keys()].map(({ text }) => text).join(' '))
  const ofNodes = [...earlier].reduce<Fates>(
    (told, one) => toldEarlier(told, one, after, word),
    fates,
  )
  const isPlain = before.word !== undefined && !earlier.has(before.word)
  return isPlain ? overridden(ofNodes, before.word, word.text) : ofNodes
}
