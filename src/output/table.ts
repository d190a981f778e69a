import Table from 'cli-table3'

const borders = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
  ['', '-mid', '-left', '-right'].map((part) => `${side}${part}`),
)
const noBorders = Object.fromEntries([...borders.map((name) => [name, '']), ['middle', '  ']])

/** Aligned columns two spaces apart, as lsmem(1) and lsblk(8) print them. */
export const alignedText = (
  lines: readonly (readonly string[])[],
  aligns: readonly ('left' | 'right')[],
): string => {
  if (lines.length === 0) return ''
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: [...aligns],
  })
  for (const line of lines) table.push([...line])
  return table.toString().replaceAll(/ +$/gm, '')
}
