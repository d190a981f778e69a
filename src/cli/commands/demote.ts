import type { DemoteRequest } from '../../model/pools/demote-plan.ts'
import { echoLine } from '../../model/pools/pool-plan.ts'
import { parseSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type {
  DemoteDryRun,
  DemoteOptions,
  DemoteResult,
} from '../../operations/pools/demote-pages.ts'
import { demoteDocument } from '../../output/pools/change-document.ts'
import { demoteColumns } from '../../output/pools/change-rows.ts'
import { poolsDocument } from '../../output/pools/pool-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  demoteAllOrNothingOption,
  dryRunOption,
  nodeOption,
  noWaitOption,
  roundOption,
  toOption,
} from '../options/option.ts'
import {
  assignmentOperands,
  typedAssignments,
  typedChangeOptions,
  typedNodes,
  typedValue,
} from '../typed-values.ts'
import { dryRunView } from '../views/change-view.ts'

interface TypedDemote {
  readonly demote: DemoteRequest
  readonly options: DemoteOptions
}

const resolve = (words: Words): TypedDemote => {
  const nodes = typedNodes(words)
  const options = typedChangeOptions(words)
  return {
    demote: present({
      assignments: typedAssignments(words),
      nodes,
      to: typedValue(words, toOption, parseSize),
      all: options.allOrNothing,
    }),
    options,
  }
}

const view = (result: DemoteResult | DemoteDryRun): View<Document<'demote'>> => {
  if (result.kind === 'dry-run')
    return dryRunView(
      result.writes.map(({ path, value }) => echoLine(path, value)),
      result.writes.map(({ path, value }) => ({ path, value })),
      { words: result.words, denied: result.denied },
    )
  const { changes, pools, outcome, words, failure, signal } = result
  return {
    rows: (names, style) => textRows({ columns: demoteColumns, rows: changes }, names, style),
    document: () => ({
      outcome,
      changes: changes.map(demoteDocument),
      pools: poolsDocument(pools),
    }),
    words,
    hints: [],
    partial: outcome === 'partial',
    ...present({ failure, signal }),
  }
}

export const demoteCommand = define<'demote', TypedDemote, DemoteResult | DemoteDryRun>({
  details: [
    'ASSIGNMENT is SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...] for single nodes; COUNT',
    'is a number of pages to split, memory such as 2G, or max. Only free pages that nobody',
    'reserved are split. There is no way back but to shrink one pool and grow the other.',
  ],
  operands: assignmentOperands,
  options: [
    toOption,
    nodeOption,
    roundOption,
    demoteAllOrNothingOption,
    noWaitOption,
    dryRunOption,
  ],
  columns: demoteColumns,
  examples: [
    { line: 'hugepool demote 1G=2', meaning: 'split two pages into the usual smaller size' },
    { line: 'hugepool demote 1G=2 --to 2M', meaning: 'split them into pages of 2M' },
    { line: 'hugepool demote 1G=1 --node 0', meaning: 'split a page of node 0' },
  ],
  resolve,
  run: async ({ demote: request, options }, ports) =>
    (await import('../../operations/pools/demote-pages.ts')).demotePages(ports, request, options),
  view,
})
