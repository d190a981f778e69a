import type { Frame, FrameRun } from '../../model/mapping/frames.ts'
import type {
  MappingReading,
  Movement,
  NodeMovement,
  StepKind,
} from '../../model/mapping/mapping-reading.ts'
import { type Column, column, onRequest } from '../columns.ts'
import type { ShownRows } from '../text-rows.ts'

/** One line of `test`: the counters of the whole pool after a step, or those of one node. */
export interface ReadingRow {
  readonly reading: MappingReading
  readonly node?: NodeMovement
}

/** Adds lines for nodes only where there are several, because a single node repeats the pool. */
export const readingRows = (readings: readonly MappingReading[]): readonly ReadingRow[] =>
  readings.flatMap((reading) => [
    { reading },
    ...(reading.nodes.length > 1 ? reading.nodes.map((node) => ({ reading, node })) : []),
  ])

const stepNames: Readonly<Record<StepKind, string>> = {
  start: 'start',
  create: 'created',
  open: 'opened',
  map: 'mapped',
  share: 'shared',
  touch: 'touched',
  fork: 'forked',
  hold: 'held',
  unmap: 'unmapped',
  delete: 'deleted',
}

const signedText = (pages: bigint): string => (pages > 0n ? `+${pages}` : `${pages}`)

/** Joins the changes without blanks, for scripts that split lines at blanks. */
const changeText = (change: Partial<Movement> | undefined): string | undefined => {
  const moved = (['total', 'free', 'reserved', 'surplus'] as const).flatMap((name) => {
    const pages = change?.[name] ?? 0n
    return pages === 0n ? [] : [`${name}${signedText(pages)}`]
  })
  return moved.length === 0 ? undefined : moved.join(',')
}

/** WHAT says in words what the columns that are not usual count. */
export const testColumns: readonly Column<ReadingRow>[] = [
  column('STEP', 'what was done', ({ reading }) => stepNames[reading.kind], 'left'),
  onRequest(column('PAGES', 'pages touched so far', ({ reading }) => reading.pages)),
  column('NODE', 'NUMA node, or all', ({ node }) => node?.node ?? 'all'),
  onRequest(
    column(
      'TOTAL',
      'pages in the pool, surplus included',
      ({ reading, node }) => (node ?? reading.pool).total,
    ),
  ),
  column('FREE', 'pages not handed out', ({ reading, node }) => (node ?? reading.pool).free),
  column('RESERVED', 'free pages promised to a mapping', ({ reading, node }) =>
    node === undefined ? reading.pool.reserved : undefined,
  ),
  onRequest(
    column(
      'SURPLUS',
      'pages above persistent',
      ({ reading, node }) => (node ?? reading.pool).surplus,
    ),
  ),
  onRequest(
    column(
      'CHANGE',
      'against the step before',
      ({ reading, node }) => changeText(node === undefined ? reading.change : node.change),
      'left',
    ),
  ),
  column(
    'WHAT',
    'what happened, in words',
    ({ reading, node }) => (node === undefined ? reading.words : undefined),
    'left',
  ),
]

interface FrameRow extends Frame {
  readonly run: number | undefined
}

const hexadecimal = (number: bigint): string => `0x${number.toString(16)}`

const frameColumns: readonly Column<FrameRow>[] = [
  column('PAGE', '', ({ page }) => page),
  column('ADDRESS', '', ({ address }) => hexadecimal(address), 'left'),
  column(
    'FRAME',
    '',
    ({ frame }) => (frame === undefined ? undefined : hexadecimal(frame)),
    'left',
  ),
  column('NODE', '', ({ node }) => node),
  column('RUN', '', ({ run }) => run),
]

export const frameHeadings: readonly string[] = frameColumns.map(({ name }) => name)

/** Lists every page with the number of the contiguous run that it belongs to. */
export const frameRows = (
  frames: readonly Frame[],
  runs: readonly FrameRun[] | undefined,
): ShownRows<FrameRow> => {
  const numbers = runs?.flatMap(({ pages }, index) =>
    Array.from({ length: Number(pages) }, () => index + 1),
  )
  return {
    columns: frameColumns,
    rows: frames.map((frame, index) => ({ ...frame, run: numbers?.[index] })),
  }
}
