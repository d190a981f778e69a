import type { Test } from 'tap'
import { whoSchema } from '../../../src/output/schemas/who-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { countsOf, smallest } from './machine.ts'
import { until, within } from './program.ts'
import type { Expected } from './zoo-kinds.ts'

/** What hugepool says of the holders of pages. */
export const look = async (...words: readonly string[]) => {
  const { status, out, err } = await within(['who', '--json', ...words])
  return { status, err, document: whoSchema.parse(parseExact(out)) }
}

export type Account = Awaited<ReturnType<typeof look>>['document']

export const booksOf = ({ pools }: Account) => {
  const { inUse, explained, unexplained, pinned, reserved, reservedExplained } =
    pools.find(({ pageSize }) => pageSize === BigInt(smallest)) ?? {}
  const counts = { inUse, explained, unexplained, pinned, reserved, reservedExplained }
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      count === undefined ? [] : [[name, Number(count)] as const],
    ),
  )
}

export const rowsOf = ({ holders }: Account): readonly string[] =>
  holders.map(({ holds, pages: has = '-' }) => `${holds} ${has}`).sort()

const sum = (all: readonly Expected[], of: (one: Expected) => number | undefined): number =>
  all.reduce((total, one) => total + (of(one) ?? 0), 0)

const usedBy = (all: readonly Expected[]) => sum(all, ({ used }) => used)
const explainedOf = (all: readonly Expected[]) => sum(all, (one) => one.explained ?? one.used)

const isLowered = (all: readonly Expected[]): boolean =>
  all.some(({ lowersReserved }) => lowersReserved)

const wantedBooks = (all: readonly Expected[]) => {
  const inUse = usedBy(all)
  const explained = explainedOf(all)
  const reserved = sum(all, (one) => one.reserved)
  return {
    inUse,
    explained,
    unexplained: inUse - explained,
    ...(inUse > explained && { pinned: sum(all, ({ pinned }) => pinned) }),
    ...(!isLowered(all) && { reserved, reservedExplained: reserved }),
  }
}

const wantedRows = (all: readonly Expected[]): readonly string[] => {
  const rest = usedBy(all) - explainedOf(all)
  const buffers = all.flatMap((one) => Array<string>(one.buffers ?? 0).fill('buffer -'))
  const hidden = rest > 0 ? [`unexplained ${rest}`, ...buffers] : []
  return [...all.flatMap(({ rows }) => rows), ...hidden].sort()
}

const shownBooks = (found: Account, all: readonly Expected[]) => {
  const { reserved, reservedExplained, ...counts } = booksOf(found)
  return isLowered(all) ? counts : { ...counts, reserved, reservedExplained }
}

/** Compares the books of the smallest pages with what all holders come to. */
export const checkBooks = (
  t: Test,
  found: Account,
  all: readonly Expected[],
  label: string,
): void => {
  t.strictSame(shownBooks(found, all), wantedBooks(all), label)
}

/** Compares the books of the smallest pages, and the rows of `who`, with what all holders come to. */
export const checkAccount = (
  t: Test,
  found: Account,
  all: readonly Expected[],
  label: string,
): void => {
  const shown = { books: shownBooks(found, all), rows: rowsOf(found) }
  t.strictSame(shown, { books: wantedBooks(all), rows: wantedRows(all) }, label)
}

/** Waits until only these have pages: a ring lets go of its own some time after its process. */
export const onlyHeldBy = (...all: readonly Expected[]): Promise<void> =>
  until('the pages of who ended', () => {
    const { total, free, reserved } = countsOf(smallest)
    const isReserved = isLowered(all) || reserved === sum(all, (one) => one.reserved)
    return total - free === usedBy(all) && isReserved
  })
