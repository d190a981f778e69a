import type { DemoteChange } from '../../model/pools/demote-change.ts'
import type { PoolChange } from '../../model/pools/pool-change.ts'
import { type Column, column } from '../columns.ts'

type RowOutcome = PoolChange['outcome']

/**
 * One line of `resize` and `overcommit`. Where a pool was resized as a whole, the line of a node
 * has no request.
 */
export type ChangeRow = Pick<PoolChange, 'size' | 'node' | 'before' | 'after'> &
  Partial<Pick<PoolChange, 'requested' | 'short' | 'outcome'>>

interface WithOutcome {
  readonly outcome?: RowOutcome
}

const outcomeCell = ({ outcome }: WithOutcome) => outcome

const toneOf = ({ outcome }: WithOutcome) => (outcome === 'partial' ? 'wrong' : undefined)

const sumOfRows = (changes: readonly PoolChange[], key: 'before' | 'requested' | 'after'): bigint =>
  changes.reduce((total, change) => total + change[key], 0n)

const worst = (changes: readonly PoolChange[]): RowOutcome =>
  changes.find(({ outcome }) => outcome === 'partial')?.outcome ??
  changes.find(({ outcome }) => outcome === 'done')?.outcome ??
  'unchanged'

/** Adds up the changes on the named nodes of a pool. */
const togetherRow = (
  size: bigint,
  changes: readonly PoolChange[],
): ChangeRow & { readonly sum: true } => ({
  size,
  sum: true,
  before: sumOfRows(changes, 'before'),
  requested: sumOfRows(changes, 'requested'),
  after: sumOfRows(changes, 'after'),
  short: changes.reduce((total, { short }) => total + short, 0n),
  outcome: worst(changes),
})

const spreadRows = (change: PoolChange): readonly ChangeRow[] =>
  change.nodes.length > 1 ? change.nodes.map((node) => ({ size: change.size, ...node })) : []

export const changeRows = (
  changes: readonly PoolChange[],
): readonly (ChangeRow & { sum?: true })[] => {
  const sizes = [...new Set(changes.map(({ size }) => size))]
  return sizes.flatMap((size) => {
    const ofSize = changes.filter((change) => change.size === size)
    const onNodes = ofSize.filter(({ node }) => node !== undefined)
    const rows = ofSize.flatMap((change) => [change, ...spreadRows(change)])
    return onNodes.length > 1 ? [...rows, togetherRow(size, onNodes)] : rows
  })
}

/** The last column of a table of changes. */
const outcomeColumn = {
  ...column('OUTCOME', 'done, unchanged or partial', outcomeCell, 'left'),
  tone: toneOf,
}

export const changeColumns: readonly Column<ChangeRow & { sum?: true }>[] = [
  column('SIZE', 'page size', ({ size }) => ({ bytes: size }), 'left'),
  column(
    'NODE',
    'NUMA node, all for the whole pool, sum for the nodes named',
    ({ node, sum: together }) => node ?? (together ? 'sum' : 'all'),
  ),
  column('BEFORE', 'pages before', ({ before }) => before),
  column('REQUESTED', 'pages asked for', ({ requested }) => requested),
  column('AFTER', 'pages now', ({ after }) => after),
  column('SHORT', 'how far after is from requested', ({ short }) => short),
  outcomeColumn,
]

export const demoteColumns: readonly Column<DemoteChange>[] = [
  column('SIZE', 'page size split', ({ size }) => ({ bytes: size }), 'left'),
  column('TO', 'page size made', ({ to }) => ({ bytes: to }), 'left'),
  column('NODE', 'NUMA node, or all', ({ node }) => node ?? 'all'),
  column('REQUESTED', 'pages to be split', ({ requested }) => requested),
  column('DEMOTED', 'pages that were split', ({ demoted }) => demoted),
  column('BEFORE', 'pages of SIZE before', ({ before }) => before),
  column('AFTER', 'pages of SIZE now', ({ after }) => after),
  column('GAINED', 'pages of TO that came', ({ gained }) => gained),
  outcomeColumn,
]
