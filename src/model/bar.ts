/** What a part of a bar stands for: pages of a pool, or bytes of a mount. */
export type BarPart =
  | 'inUse'
  | 'reserved'
  /** Free pages of which it is not known how many are reserved. */
  | 'free'
  | 'available'
  | 'surplus'
  | 'used'
  | 'guaranteed'
  | 'room'
  /** What a line lacks to the longest one that it is compared with. It is not drawn. */
  | 'elsewhere'

export interface BarPiece {
  readonly part: BarPart
  /** In pages or in bytes: only the shares count. */
  readonly amount: bigint
}

/** The parts of a bar from left to right. */
export type Bar = readonly BarPiece[]

export interface BarCells {
  readonly part: BarPart
  readonly cells: number
}

/** Returns the positions of the `count` largest numbers; of equal ones those that come first. */
const largestOf = (numbers: readonly bigint[], count: number): readonly number[] =>
  numbers
    .map((number, index) => ({ number, index }))
    .sort((one, other) => Number(other.number - one.number))
    .slice(0, count)
    .map(({ index }) => index)

/**
 * Returns the share of each amount in `width` cells. All are rounded down, and those that lost most
 * by it get the cells that are left, one each.
 */
const roundedShares = (amounts: readonly bigint[], width: number): readonly number[] => {
  const whole = amounts.reduce((sum, amount) => sum + amount)
  const exact = amounts.map((amount) => amount * BigInt(width))
  const full = exact.map((share) => Number(share / whole))
  const rest = full.reduce((left, cells) => left - cells, width)
  const more = largestOf(
    exact.map((share) => share % whole),
    rest,
  )
  return full.map((cells, index) => (more.includes(index) ? cells + 1 : cells))
}

/**
 * Divides a bar into `width` whole cells. A part that is not empty gets at least one cell, so that
 * one page of 100,000 is seen: the longest part gives one up while it has two. Empty parts have
 * none.
 */
export const barCells = (bar: Bar, width: number): readonly BarCells[] => {
  const amounts = bar.map(({ amount }) => amount)
  if (amounts.every((amount) => amount === 0n)) return bar.map(({ part }) => ({ part, cells: 0 }))
  const cells = [...roundedShares(amounts, width)]
  for (const [index, amount] of amounts.entries()) {
    const longest = Math.max(...cells)
    if (amount === 0n || cells[index] !== 0 || longest < 2) continue
    cells[cells.indexOf(longest)] = longest - 1
    cells[index] = 1
  }
  return bar.map(({ part }, index) => ({ part, cells: Number(cells[index]) }))
}
