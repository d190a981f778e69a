import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import { scanSize, scanUnsigned } from './kernel-numbers.ts'
import type { LineRules } from './kernel-series.ts'

/** The size of an area of CMA: bytes, or a percentage of the memory. */
export type CmaAmount = { readonly bytes: Bytes } | { readonly percent: bigint }

/** What the words of CMA ask for. */
export interface WantedCma {
  /** What is asked for without nodes. Before 7.3 what nodes are asked for is added to it. */
  readonly total: CmaAmount
  readonly nodes: ReadonlyMap<NodeId, CmaAmount>
  readonly messages: readonly string[]
}

export const noCma: WantedCma = { total: { bytes: 0n }, nodes: new Map(), messages: [] }

interface Amount {
  /** The amount; absent for a percentage above 100. */
  readonly amount?: CmaAmount
  readonly percent: bigint
  readonly length: number
}

const readAmount = (text: string, { saturates, cmaShares }: LineRules): Amount => {
  const { value, length } = scanSize(text, saturates)
  if (!cmaShares || text[length] !== '%') return { amount: { bytes: value }, percent: 0n, length }
  return value > 100n
    ? { percent: value, length }
    : { amount: { percent: value }, percent: value, length: length + 1 }
}

const bytesNamed = (amount: CmaAmount): Bytes => ('bytes' in amount ? amount.bytes : 0n)

const withMessage = (cma: WantedCma, message: string): WantedCma => ({
  ...cma,
  messages: [...cma.messages, message],
})

/**
 * Reads an amount without nodes. Of several such words the last one counts, and from 7.3 on it
 * takes the place of nodes too.
 */
const readTotal = (cma: WantedCma, text: string, rules: LineRules): WantedCma => {
  const { amount, percent } = readAmount(text, rules)
  if (amount === undefined) return withMessage(cma, `hugetlb_cma: invalid percentage ${percent}`)
  return { ...cma, total: amount, nodes: rules.cmaShares ? new Map() : cma.nodes }
}

/**
 * Adds an area on a node. Before 7.3 its bytes are added to the total too, and once more where a
 * later word names the node again.
 */
const withNode = (
  cma: WantedCma,
  node: NodeId,
  amount: CmaAmount,
  { cmaShares }: LineRules,
): WantedCma => ({
  ...cma,
  total: { bytes: cmaShares ? 0n : bytesNamed(cma.total) + bytesNamed(amount) },
  nodes: new Map(cma.nodes).set(node, amount),
})

/**
 * Reads `hugetlb_cma=SIZE` or `hugetlb_cma=NODE:SIZE,...` as cmdline_parse_hugetlb_cma does
 * (mm/hugetlb.c, later mm/hugetlb_cma.c). It reads as far as the text has one of these forms.
 */
export const readCma = (before: WantedCma, text: string, rules: LineRules): WantedCma => {
  let cma = before
  let rest = text
  while (rest !== '') {
    const first = scanUnsigned(rest, rules.saturates)
    if (first === undefined) return cma
    if (rules.cma !== 'nodes' || rest[first.length] !== ':') return readTotal(cma, text, rules)
    rest = rest.slice(first.length + 1)
    const { amount, percent, length } = readAmount(rest, rules)
    const node = Number(first.value)
    if (amount === undefined)
      return withMessage(cma, `hugetlb_cma: invalid percentage ${percent} for node ${node}`)
    cma = withNode(cma, node, amount, rules)
    rest = rest.slice(length)
    if (!rest.startsWith(',')) return cma
    rest = rest.slice(1)
  }
  return cma
}
