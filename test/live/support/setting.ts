import { refusalOf } from '../../helpers/counters-table.ts'
import type { Setting } from '../../helpers/mapped-subject.ts'
import { countsOf, poolPath, readNumber, sizeName } from './machine.ts'
import { hugepool } from './program.ts'

/** A resize is partial exactly where there is more surplus than overcommit allows. */
const rightStatus = (size: number, number: Setting['do']): number => {
  const allowed = readNumber(poolPath(size, 'nr_overcommit_hugepages'))
  return number === 'persistent' && countsOf(size).surplus > allowed ? 64 : 0
}

const commands = { persistent: 'resize', overcommit: 'overcommit' } as const

/** Sets a number of a pool by hugepool. What the kernel refuses throws its errno. */
export const setByHugepool = async (
  size: number,
  { do: number, pages }: Setting,
): Promise<void> => {
  const { status, err } = await hugepool(commands[number], `${sizeName(size)}=${pages}`)
  if (status === 4) throw refusalOf(err)
  const right = rightStatus(size, number)
  if (status !== right) throw new Error(`status ${status} instead of ${right}: ${err}`)
}
