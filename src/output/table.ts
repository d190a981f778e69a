import Table from 'cli-table3'

export type Align = 'left' | 'right'

/** A cell and its colour, which takes no width on a terminal. */
export interface PaintedCell {
  readonly text: string
  readonly paint?: (text: string) => string
}

/** Blanks between two columns. They are padding on the right, so that an empty column may be there. */
const gap = 2

const borderless = {
  chars: {
    ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
    ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
    ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
    ...{ mid: '', 'mid-mid': '', middle: '' },
  },
  style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
  /**
   * Nothing is cut, for every column is as wide as its widest text. But cli-table3 cuts every cell
   * to ten columns for its own debugging, a character at a time, unless the mark fills the ten.
   */
  truncate: ' '.repeat(10),
}

/** Text that takes one column a character, which is nearly all of it and need not be measured. */
const narrow = /^[ -~]*$/

/** As cli-table3 measures it, with which it has to agree. */
const displayWidth = (text: string): number => {
  const table = new Table(borderless)
  table.push([text])
  table.toString()
  return (table.options.colWidths[0] ?? gap) - gap
}

const widthOf = (text: string): number => (narrow.test(text) ? text.length : displayWidth(text))

const painted = ({ text, paint }: PaintedCell): string => (paint === undefined ? text : paint(text))

/**
 * How many texts cli-table3 is given as the lines of one cell. A cell costs it as much as twenty
 * lines, and it measures all lines of a cell anew for each of them: 16 were the cheapest.
 */
const linesOfCell = 16

const blocksOf = (cells: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(cells.length / linesOfCell) }, (_, block) =>
    cells.slice(block * linesOfCell, (block + 1) * linesOfCell),
  )

const blockLines = (cells: readonly string[], width: number, align: Align): readonly string[] => {
  const table = new Table({ ...borderless, colWidths: [width + gap], colAligns: [align] })
  table.push([cells.join('\n')])
  return table.toString().split('\n')
}

/** Every different cell of a column as it is laid out: most columns have few of them. */
const columnLayout = (cells: readonly PaintedCell[], align: Align): ReadonlyMap<string, string> => {
  const texts = [...new Set(cells.map(({ text }) => text))]
  const width = texts.reduce((widest, text) => Math.max(widest, widthOf(text)), 0)
  const different = [...new Set(cells.map(painted))]
  const lines = blocksOf(different).flatMap((block) => blockLines(block, width, align))
  return new Map(different.map((cell, index) => [cell, lines[index] ?? cell]))
}

/** Aligned columns two blanks apart, as lsmem(1) and lsblk(8) print them. A cell is one line. */
export const alignedText = (
  rows: readonly (readonly PaintedCell[])[],
  aligns: readonly Align[],
): string => {
  const layouts = aligns.map((align, column) =>
    columnLayout(
      rows.flatMap((row) => row[column] ?? []),
      align,
    ),
  )
  const cellText = (cell: PaintedCell, column: number): string =>
    layouts[column]?.get(painted(cell)) ?? ''
  return rows.map((row) => row.map(cellText).join('').replace(/ +$/, '')).join('\n')
}
