import type { DemoteRequest } from '../../model/pools/demote-plan.ts'
import { echoLine } from '../../model/pools/plan.ts'
import { parseSize } from '../../model/words/page-size.ts'
import type {
  DemoteDryRun,
  DemoteOptions,
  DemoteResult,
} from '../../operations/pools/demote-pages.ts'
import { gridOf } from '../../output/grid.ts'
import { demoteDocument } from '../../output/pools/change-document.ts'
import { demoteColumns } from '../../output/pools/change-rows.ts'
import { poolsDocument } from '../../output/pools/pool-document.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import { allOrNone, dryRun, node, noWait, to } from '../options/option.ts'
import { assignmentsOf, changeOptionsOf, nodesOf } from '../requests.ts'
import { dryRunView } from '../views/change-view.ts'

interface Request {
  readonly demote: DemoteRequest
  readonly options: DemoteOptions
}

const resolve = (words: Words): Request => {
  const nodes = nodesOf(words)
  const target = words.values[to.name]
  const options = changeOptionsOf(words)
  return {
    demote: {
      assignments: assignmentsOf(words),
      ...(nodes !== undefined && { nodes }),
      ...(target !== undefined && { to: parseSize(target) }),
      all: options.allOrNothing,
    },
    options,
  }
}

const view = (result: DemoteResult | DemoteDryRun): View => {
  if (result.kind === 'dry-run')
    return dryRunView(
      result.writes.map(({ path, value }) => echoLine(path, value)),
      result.writes.map(({ path, value }) => ({ path, value })),
      result.words,
    )
  const { changes, pools, outcome, words, failure, signal } = result
  return {
    grid: (names, style) => gridOf({ columns: demoteColumns, rows: changes }, names, style),
    document: { outcome, changes: changes.map(demoteDocument), pools: poolsDocument(pools) },
    words,
    hints: [],
    partial: outcome === 'partial',
    ...(failure && { failure }),
    ...(signal && { signal }),
  }
}

export const demote = define<Request, DemoteResult | DemoteDryRun>({
  name: 'demote',
  aliases: [],
  summary: 'split pages of a pool into pages of a smaller size',
  details: [
    'ASSIGNMENT is SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...] for single nodes; COUNT',
    'is a number of pages to split, memory such as 2G, or max. Only free pages that nobody',
    'reserved are split. There is no way back but to shrink one pool and grow the other.',
  ],
  operands: {
    usage: 'ASSIGNMENT...',
    least: 1,
    most: Number.POSITIVE_INFINITY,
    completes: 'assignment',
  },
  options: [to, node, allOrNone, noWait, dryRun],
  columns: demoteColumns,
  examples: [
    { line: 'hugepool demote 1G=2', meaning: 'split two pages into the usual smaller size' },
    { line: 'hugepool demote 1G=2 --to 2M', meaning: 'split them into pages of 2M' },
    { line: 'hugepool demote 1G=1 --node 0', meaning: 'split a page of node 0' },
  ],
  shown: () => demoteColumns.map(({ name }) => name),
  resolve,
  run: async ({ demote: request, options }, ports) =>
    (await import('../../operations/pools/demote-pages.ts')).demote(ports, request, options),
  view,
})
