export type Align = 'left' | 'right'

/** A cell and its colour. Widths are those of the text: the colour is put on after padding. */
export interface PaintedCell {
  readonly text: string
  readonly paint?: (text: string) => string
}

const pad = (text: string, width: number, align: Align | undefined): string =>
  align === 'right' ? text.padStart(width) : text.padEnd(width)

/**
 * Aligned columns two spaces apart, as lsmem(1) and lsblk(8) print them. Cells are text of one
 * column a character: numbers, sizes and names of the kernel.
 */
export const alignedText = (
  rows: readonly (readonly PaintedCell[])[],
  aligns: readonly Align[],
): string => {
  const widths = aligns.map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.text.length ?? 0), 0),
  )
  const cellText = ({ text, paint }: PaintedCell, column: number): string => {
    const padded = pad(text, widths[column] ?? 0, aligns[column])
    return paint === undefined ? padded : padded.replace(text, paint)
  }
  return rows.map((row) => row.map(cellText).join('  ').trimEnd()).join('\n')
}
