import type { DemoteChange } from '../../model/pools/demote-change.ts'
import type { PoolChange } from '../../model/pools/pool-change.ts'
import type { Column } from '../columns.ts'

type RowOutcome = PoolChange['outcome']

/** One line of `resize` and `overcommit`. A node of a pool that was resized as a whole has no request. */
export type ChangeRow = Pick<PoolChange, 'size' | 'node' | 'before' | 'after'> &
  Partial<Pick<PoolChange, 'requested' | 'short' | 'outcome'>>

const toneOf = ({ outcome }: { readonly outcome?: RowOutcome }) =>
  outcome === 'partial' ? 'warning' : outcome === 'done' ? 'good' : undefined

const sumOfRows = (changes: readonly PoolChange[], key: 'before' | 'requested' | 'after'): bigint =>
  changes.reduce((total, change) => total + change[key], 0n)

const worst = (changes: readonly PoolChange[]): RowOutcome =>
  changes.find(({ outcome }) => outcome === 'partial')?.outcome ??
  changes.find(({ outcome }) => outcome === 'done')?.outcome ??
  'unchanged'

/** The named nodes of a pool taken together. */
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

export const changeColumns: readonly Column<ChangeRow & { sum?: true }>[] = [
  { name: 'SIZE', help: 'page size', align: 'left', cell: ({ size }) => ({ bytes: size }) },
  {
    name: 'NODE',
    help: 'NUMA node, all for the whole pool, sum for the nodes named',
    align: 'right',
    cell: ({ node, sum: together }) => node ?? (together ? 'sum' : 'all'),
  },
  { name: 'BEFORE', help: 'pages before', align: 'right', cell: ({ before }) => before },
  {
    name: 'REQUESTED',
    help: 'pages asked for',
    align: 'right',
    cell: ({ requested }) => requested,
  },
  { name: 'AFTER', help: 'pages now', align: 'right', cell: ({ after }) => after },
  {
    name: 'SHORT',
    help: 'how far after is from requested',
    align: 'right',
    cell: ({ short }) => short,
  },
  {
    name: 'OUTCOME',
    help: 'done, unchanged or partial',
    align: 'left',
    cell: ({ outcome }) => outcome,
    tone: toneOf,
  },
]

export const demoteColumns: readonly Column<DemoteChange>[] = [
  { name: 'SIZE', help: 'page size split', align: 'left', cell: ({ size }) => ({ bytes: size }) },
  { name: 'TO', help: 'page size made', align: 'left', cell: ({ to }) => ({ bytes: to }) },
  { name: 'NODE', help: 'NUMA node, or all', align: 'right', cell: ({ node }) => node ?? 'all' },
  {
    name: 'REQUESTED',
    help: 'pages to be split',
    align: 'right',
    cell: ({ requested }) => requested,
  },
  {
    name: 'DEMOTED',
    help: 'pages that were split',
    align: 'right',
    cell: ({ demoted }) => demoted,
  },
  { name: 'BEFORE', help: 'pages of SIZE before', align: 'right', cell: ({ before }) => before },
  { name: 'AFTER', help: 'pages of SIZE now', align: 'right', cell: ({ after }) => after },
  { name: 'GAINED', help: 'pages of TO that came', align: 'right', cell: ({ gained }) => gained },
  {
    name: 'OUTCOME',
    help: 'done, unchanged or partial',
    align: 'left',
    cell: ({ outcome }) => outcome,
    tone: toneOf,
  },
]
