import type { Bytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import { scanSize, scanUnsigned } from './kernel-numbers.ts'
import type { LineRules } from './kernel-series.ts'

/** An area of CMA: its bytes, or its percent of the memory. */
export type CmaAmount = { readonly bytes: Bytes } | { readonly percent: bigint }

/** What the words of CMA ask for. */
export interface WantedCma {
  /** Without nodes, or the sum of the nodes before 7.3. */
  readonly total: CmaAmount
  readonly nodes: ReadonlyMap<NodeId, CmaAmount>
  readonly messages: readonly string[]
}

export const noCma: WantedCma = { total: { bytes: 0n }, nodes: new Map(), messages: [] }

interface Amount {
  /** Undefined for a percentage above 100. */
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

/** The last of the words without nodes counts; from 7.3 on it takes the place of nodes too. */
const readTotal = (cma: WantedCma, text: string, rules: LineRules): WantedCma => {
  const { amount, percent } = readAmount(text, rules)
  if (amount === undefined) return withMessage(cma, `hugetlb_cma: invalid percentage ${percent}`)
  return { ...cma, total: amount, nodes: rules.cmaShares ? new Map() : cma.nodes }
}

/** Before 7.3 what nodes ask for is added to the total, and again with each word. */
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

/** Reads `hugetlb_cma=SIZE` or `hugetlb_cma=NODE:SIZE,...`; parsing ends at what is neither. */
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
