import { refusalOf } from '../../helpers/counters-table.ts'
import type { Setting } from '../../helpers/mapped-subject.ts'
import { type Counts, countsOf, sizeName } from './machine.ts'
import { hugepool } from './program.ts'

/** Partial exactly where pages that were to go became surplus. */
const rightStatus = (before: Counts, after: Counts): number => {
  const shrank = after.total - after.surplus < before.total - before.surplus
  return shrank && after.surplus > before.surplus ? 64 : 0
}

const commands = { persistent: 'resize', overcommit: 'overcommit' } as const

/** Sets a number of a pool by hugepool. What the kernel refuses throws its errno. */
export const setByHugepool = async (
  size: number,
  { do: number, pages }: Setting,
): Promise<void> => {
  const before = countsOf(size)
  const { status, err } = await hugepool(commands[number], `${sizeName(size)}=${pages}`)
  if (status === 4) throw refusalOf(err)
  const right = rightStatus(before, countsOf(size))
  if (status !== right) throw new Error(`status ${status} instead of ${right}: ${err}`)
}
