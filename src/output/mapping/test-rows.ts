import type { Frame, Run } from '../../model/mapping/frames.ts'
import type {
  MappingStep,
  Movement,
  NodeMovement,
  StepKind,
} from '../../model/mapping/mapping-step.ts'
import { type Column, column } from '../columns.ts'
import type { Rows } from '../grid.ts'

/** One line of `test`: the whole pool after a step, or what a node has of it. */
export interface StepRow {
  readonly step: MappingStep
  readonly node?: NodeMovement
}

/** A single node has nothing to add to the pool. */
export const stepRows = (steps: readonly MappingStep[]): readonly StepRow[] =>
  steps.flatMap((step) => [
    { step },
    ...(step.nodes.length > 1 ? step.nodes.map((node) => ({ step, node })) : []),
  ])

const names: Readonly<Record<StepKind, string>> = {
  start: 'start',
  create: 'created',
  open: 'opened',
  map: 'mapped',
  share: 'shared',
  touch: 'touched',
  hold: 'held',
  unmap: 'unmapped',
  delete: 'deleted',
}

const signed = (pages: bigint): string => (pages > 0n ? `+${pages}` : `${pages}`)

/** Without blanks, for a script that splits lines at them. */
const changeText = (change: Partial<Movement> | undefined): string | undefined => {
  const moved = (['total', 'free', 'reserved', 'surplus'] as const).flatMap((name) => {
    const pages = change?.[name] ?? 0n
    return pages === 0n ? [] : [`${name}${signed(pages)}`]
  })
  return moved.length === 0 ? undefined : moved.join(',')
}

export const testColumns: readonly Column<StepRow>[] = [
  column('STEP', 'what was done', ({ step }) => names[step.kind], 'left'),
  column('PAGES', 'pages touched so far', ({ step }) => step.pages),
  column('NODE', 'NUMA node, or all', ({ node }) => node?.node ?? 'all'),
  column(
    'TOTAL',
    'pages in the pool, surplus included',
    ({ step, node }) => (node ?? step.pool).total,
  ),
  column('FREE', 'pages not handed out', ({ step, node }) => (node ?? step.pool).free),
  column('RESERVED', 'free pages promised to a mapping', ({ step, node }) =>
    node === undefined ? step.pool.reserved : undefined,
  ),
  column('SURPLUS', 'pages above persistent', ({ step, node }) => (node ?? step.pool).surplus),
  column(
    'CHANGE',
    'against the step before',
    ({ step, node }) => changeText(node === undefined ? step.change : node.change),
    'left',
  ),
  column(
    'WHAT',
    'what happened, in words',
    ({ step, node }) => (node === undefined ? step.words : undefined),
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

/** Page by page, with the number of the contiguous run that each belongs to. */
export const frameRows = (
  frames: readonly Frame[],
  runs: readonly Run[] | undefined,
): Rows<FrameRow> => {
  const numbers = runs?.flatMap(({ pages }, index) =>
    Array.from({ length: Number(pages) }, () => index + 1),
  )
  return {
    columns: frameColumns,
    rows: frames.map((frame, index) => ({ ...frame, run: numbers?.[index] })),
  }
}
