import type { SummedHold } from '../../model/processes/who/sum-holds.ts'
import { type Column, column, onRequest } from '../columns.ts'

/** Names the user of a process, or the owner of what no process holds. */
export const userOfHold = ({ process, uid, user }: SummedHold): string | undefined =>
  process?.user ?? user ?? (process?.uid ?? uid)?.toString()

const nodesText = ({ nodes }: SummedHold): string | undefined =>
  nodes === undefined || nodes.length === 0
    ? undefined
    : nodes.map(({ node, pages }) => `${node}:${pages}`).join(',')

const reservedText = ({ reserved, reservedAtMost }: SummedHold) =>
  reservedAtMost === true ? `<=${reserved}` : reserved

export const holdColumns: readonly Column<SummedHold>[] = [
  column('PID', 'number of the process', ({ process }) => process?.pid),
  column('USER', 'user of the process, or owner of the file', userOfHold, 'left'),
  column('COMMAND', 'name of the process', ({ process }) => process?.command, 'left'),
  column('HOLDS', 'by what it holds its pages', ({ kind }) => kind, 'left'),
  column('SIZE', 'page size', ({ size }) => ({ bytes: size })),
  column('PAGES', 'pages that it keeps, which others can have too', ({ pages }) => pages),
  column('RESERVED', 'free pages promised to it', reservedText),
  onRequest(
    column('MEMORY', 'memory of its pages', ({ pages, size }) =>
      pages === undefined ? undefined : { bytes: pages * size },
    ),
  ),
  onRequest(column('NODES', 'its pages on each node, NODE:PAGES', nodesText, 'left')),
  onRequest(
    column('SHARED', 'whether others can have the same pages', (hold) => hold.shared, 'left'),
  ),
  column('NAME', 'path of the file, or name of the segment', ({ name }) => name, 'left'),
  onRequest(
    column(
      'CONTAINER',
      'container, virtual machine or unit of the process',
      ({ process, container }) => process?.container ?? container,
      'left',
    ),
  ),
]
