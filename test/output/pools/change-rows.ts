import t from 'tap'
import type { PoolChange } from '../../../src/model/pools/pool-change.ts'
import { changeDocument } from '../../../src/output/pools/change-document.ts'
import { changeColumns, changeRows } from '../../../src/output/pools/change-rows.ts'
import { alignedText } from '../../../src/output/table.ts'
import { textRows } from '../../../src/output/text-rows.ts'

const change = (parts: Partial<PoolChange>): PoolChange => ({
  size: 2097152n,
  attribute: 'persistent',
  before: 0n,
  requested: 0n,
  after: 0n,
  short: 0n,
  becameSurplus: 0n,
  surplus: 0n,
  aboveOvercommit: 0n,
  outcome: 'done',
  nodes: [],
  ...parts,
})

const table = (...changes: readonly PoolChange[]) => {
  const names = changeColumns.map(({ name }) => name)
  const grid = textRows({ columns: changeColumns, rows: changeRows(changes) }, names, {
    bytes: false,
    raw: false,
  })
  const rows = [grid.headings.map((text) => ({ text })), ...grid.rows]
  return alignedText(rows, grid.aligns)
}

t.test('a whole pool is followed by its nodes, where there are several', async (t) => {
  const nodes = [
    { node: 0, before: 0n, after: 256n },
    { node: 8, before: 0n, after: 242n },
  ]
  t.equal(
    table(change({ requested: 512n, after: 498n, short: 14n, outcome: 'partial', nodes })),
    `SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME
2M     all       0        512    498     14  partial
2M       0       0          -    256      -  -
2M       8       0          -    242      -  -`,
  )
  t.equal(table(change({ nodes: nodes.slice(0, 1) })).split('\n').length, 2)
})

t.test('nodes that were named are followed by their sum', async (t) => {
  t.equal(
    table(
      change({ node: 0, before: 1n, requested: 5n, after: 5n }),
      change({ node: 1, requested: 5n, after: 2n, short: 3n, outcome: 'partial' }),
      change({ size: 1073741824n, node: 1, requested: 1n, after: 1n, outcome: 'unchanged' }),
    ),
    `SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME
2M       0       1          5      5      0  done
2M       1       0          5      2      3  partial
2M     sum       1         10      7      3  partial
1G       1       0          1      1      0  unchanged`,
  )
})

t.test('in a document what says nothing is left out', async (t) => {
  const document = { ...(changeDocument({ ...change({ node: 0 }), shortage: [] }) as object) }
  t.strictSame(
    Object.entries(document)
      .filter(([, value]) => value === undefined)
      .map(([key]) => key),
    ['becameSurplus', 'surplus', 'aboveOvercommit', 'nodes', 'shortage'],
  )
})
