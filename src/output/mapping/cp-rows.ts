import {
  type CopiedFile,
  holesOf,
  type PlannedCopy,
} from '../../model/mapping/copying/copy-result.ts'
import type { NodePages } from '../../model/mapping/frames.ts'
import { bytesCell, type Column, column, onRequest } from '../columns.ts'

/** The one line of `cp`: what was copied, or what would be. */
export type CopyRow = CopiedFile | PlannedCopy

const sizeOf = (row: CopyRow) => (row.kind === 'copied' ? row.bytes : row.plan.bytes)
const lengthOf = (row: CopyRow) => (row.kind === 'copied' ? row.length : row.plan.length)
const pagesOf = (row: CopyRow) => (row.kind === 'copied' ? row.pages : row.plan.pages)

/** Shows the pages of each node as an assignment has them: `0:3,1:5`. */
const placedText = (placement: readonly NodePages[]): string | undefined =>
  placement.length === 0
    ? undefined
    : placement.map(({ node, pages }) => `${node}:${pages}`).join(',')

export const copyColumns: readonly Column<CopyRow>[] = [
  column('SOURCE', 'file that is copied, or -', ({ plan }) => plan.source, 'left'),
  column('TARGET', 'the copy', ({ plan }) => plan.target, 'left'),
  column('SIZE', 'length of the source', (row) => bytesCell(sizeOf(row))),
  column('PAGES', 'pages of the file on hugetlbfs', pagesOf),
  column('HOLES', 'pages it could have and has not', (row) =>
    row.kind === 'copied' ? holesOf(row) : undefined,
  ),
  column(
    'NODES',
    'pages of the copy on each node',
    (row) => (row.kind === 'copied' ? placedText(row.placement) : undefined),
    'left',
  ),
  onRequest(
    column('PAGE-SIZE', 'page size of the hugetlbfs', ({ plan }) => bytesCell(plan.pageSize)),
  ),
  onRequest(column('TARGET-SIZE', 'length of the copy', (row) => bytesCell(lengthOf(row)))),
  onRequest(
    column('SECONDS', 'how long it took', (row) =>
      row.kind === 'copied' ? row.seconds.toFixed(3) : undefined,
    ),
  ),
]
