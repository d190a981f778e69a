import { unsupported, usage } from '../../errors.ts'
import { isMeant } from '../pools/machine.ts'
import { type Bytes, decimalPattern, largestNumber, parseBytes } from '../words/bytes.ts'
import { nearWord } from '../words/near-word.ts'
import { type NodeId, parseNode } from '../words/node-list.ts'
import { parseSize, type SizeWord } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { countersAt, type PoolLook, poolNodeKey, type WatchedCounter } from './pool-look.ts'

const comparisons = {
  '<=': (one: bigint, other: bigint) => one <= other,
  '>=': (one: bigint, other: bigint) => one >= other,
  '==': (one: bigint, other: bigint) => one === other,
  '!=': (one: bigint, other: bigint) => one !== other,
  '<': (one: bigint, other: bigint) => one < other,
  '>': (one: bigint, other: bigint) => one > other,
} as const

type CountComparison = keyof typeof comparisons

/** The columns of `list` that count, with their counters; memory is that of the total. */
const countedColumns: Readonly<Record<string, WatchedCounter>> = {
  total: 'total',
  persistent: 'persistent',
  free: 'free',
  reserved: 'reserved',
  available: 'available',
  'in-use': 'inUse',
  surplus: 'surplus',
  overcommit: 'overcommit',
  memory: 'total',
}

/** The kernel counts these for a whole pool only. */
const wholeOnly: readonly WatchedCounter[] = ['reserved', 'available', 'overcommit']

/** What a watch waits for: a counter of a pool, or of its part on a node, compared with a number. */
export interface UntilExpression {
  /** The expression as it was typed. */
  readonly text: string
  readonly size: SizeWord
  readonly node?: NodeId
  readonly counter: WatchedCounter
  readonly comparison: CountComparison
  readonly limit: { readonly pages: bigint } | { readonly bytes: Bytes }
}

const untilForms =
  'an expression is written as 2M.available>=512, 1G@0.free==4 or 2M.in-use<8G, with <= >= < > == or !='

const parseColumn = (word: string): WatchedCounter => {
  const names = Object.keys(countedColumns)
  const name = names.find((known) => known === word.toLowerCase())
  const counter = name === undefined ? undefined : countedColumns[name]
  if (counter !== undefined) return counter
  const near = nearWord(word, names)
  throw usage(
    `'${word}' is no column that counts`,
    near === undefined ? `those that count are ${names.join(', ')}` : `did you mean ${near}?`,
  )
}

const parseLimit = (word: string, isMemory: boolean): UntilExpression['limit'] => {
  const isNumber = decimalPattern.test(word)
  if (isNumber && !isMemory && BigInt(word) <= largestNumber) return { pages: BigInt(word) }
  const bytes = isNumber && !isMemory ? undefined : parseBytes(word)
  if (bytes === undefined) throw usage(`'${word}' is neither a number nor an amount`, untilForms)
  return { bytes }
}

const pattern = /^([^.@\s]+)(?:@([^.@\s]+))?\.([a-z-]+) *(<=|>=|==|!=|<|>) *([^\s<>=!]+)$/i

/**
 * Reads `SIZE[@NODE].COLUMN OP NUMBER`, where an amount such as 8G stands for the memory of pages.
 * Throws E_USAGE for anything else, and for a column that the kernel does not count on a node.
 */
export const parseUntil = (text: string): UntilExpression => {
  const [, size = '', node, column = '', comparison, limit = ''] = pattern.exec(text) ?? []
  if (comparison === undefined) throw usage(`'${text}' is not an expression`, untilForms)
  const counter = parseColumn(column)
  if (node !== undefined && wholeOnly.includes(counter))
    throw usage(`'${text}': the kernel counts ${column.toLowerCase()} pages of a whole pool only`)
  return present({
    text,
    size: parseSize(size),
    node: node === undefined ? undefined : parseNode(node),
    counter,
    comparison: comparison as CountComparison,
    limit: parseLimit(limit, column.toLowerCase() === 'memory'),
  })
}

/**
 * Whether an expression is true of what a look saw. A counter that is not known makes none true.
 * Throws E_UNSUPPORTED for a node that does not exist.
 */
export const untilHolds = (expression: UntilExpression, look: PoolLook): boolean => {
  const { size, node, counter, comparison, limit } = expression
  if (node !== undefined && !look.nodes.includes(node))
    throw unsupported('no-node', `there is no node ${node} here`)
  const pool = look.pools.find(isMeant(size))
  const count = pool && countersAt(look).get(poolNodeKey(pool.size, node))?.counts[counter]
  if (pool === undefined || count === undefined) return false
  const [one, other] = 'pages' in limit ? [count, limit.pages] : [count * pool.size, limit.bytes]
  return comparisons[comparison](one, other)
}
