import { isReadWhole } from '../../model/pools/shown-pool.ts'
import type { SizeWord } from '../../model/words/page-size.ts'
import { parseSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { PoolList } from '../../operations/pools/list-pools.ts'
import { listWithinLimits } from '../../operations/processes/list-within-limits.ts'
import { shownPoolsDocument } from '../../output/pools/pool-document.ts'
import { poolColumns, poolRows } from '../../output/pools/pool-rows.ts'
import { textRows } from '../../output/text-rows.ts'
import { define, type Words } from '../command.ts'
import { jsonOption, perNodeOption } from '../options/option.ts'

interface ListRequest {
  readonly sizes: readonly SizeWord[]
  readonly rowPerNode: boolean
  /** Whether nodes are read. JSON always contains them, a table only with --per-node. */
  readonly needsNodes: boolean
}

const resolve = ({ operands, switches }: Words): ListRequest => ({
  sizes: operands.map(parseSize),
  rowPerNode: switches.has(perNodeOption.name),
  needsNodes: switches.has(perNodeOption.name) || switches.has(jsonOption.name),
})

export const listCommand = define<'list', ListRequest, PoolList>({
  details: [
    'Without SIZE all pools are shown, smallest pages first. Needs no privilege.',
    'A value that the kernel does not have, or that cannot be read, is shown as - and left out',
    'of JSON; what cannot be read is named.',
  ],
  operands: { usage: '[SIZE...]', least: 0, most: Number.POSITIVE_INFINITY, completes: 'size' },
  options: [perNodeOption],
  columns: poolColumns,
  examples: [
    { line: 'hugepool list', meaning: 'all pools' },
    { line: 'hugepool list --per-node 2M', meaning: 'the pool of 2M pages on every node' },
    { line: 'hugepool list -rno FREE 1G', meaning: 'one number, for a script' },
    { line: 'hugepool list --json | jq .pools', meaning: 'everything, for a program' },
  ],
  resolve,
  run: ({ sizes, needsNodes }, ports) => listWithinLimits(ports, sizes, needsNodes),
  view: ({ pools, nodes, words, notes, failure }, { rowPerNode }) => ({
    rows: (names, style) =>
      textRows(
        { columns: poolColumns, rows: poolRows(pools, rowPerNode ? nodes : []) },
        pools.length > 0 ? names : [],
        style,
      ),
    document: () => ({ pools: shownPoolsDocument(pools, nodes) }),
    notes,
    words,
    hints: [],
    partial: words.length > 0 || !pools.every(isReadWhole),
    ...present({ failure }),
  }),
})
