import { refusalOf } from '../../helpers/counters-table.ts'
import type { Setting } from '../../helpers/mapped-subject.ts'
import { countsOf, gigantic, makeRoom, poolPath, readNumber, sizeName } from './machine.ts'
import { hugepool } from './program.ts'

/** A resize is partial exactly where there is more surplus than overcommit allows. */
const rightStatus = (size: number, number: Setting['do']): number => {
  const allowed = readNumber(poolPath(size, 'nr_overcommit_hugepages'))
  return number === 'persistent' && countsOf(size).surplus > allowed ? 64 : 0
}

const commands = { persistent: 'resize', overcommit: 'overcommit' } as const

/**
 * Sets a number of a pool by hugepool. What the kernel refuses throws its errno. Where it has found less
 * for a gigantic pool than was asked for, it is asked again once more of its memory is together.
 */
export const setByHugepool = async (size: number, setting: Setting, tries = 5): Promise<void> => {
  const { do: number, pages } = setting
  const { status, err } = await hugepool(commands[number], `${sizeName(size)}=${pages}`)
  if (status === 4) throw refusalOf(err)
  const right = rightStatus(size, number)
  if (status === right) return
  if (status !== 64 || size !== gigantic || tries === 1)
    throw new Error(`status ${status} instead of ${right}: ${err}`)
  makeRoom()
  await setByHugepool(size, setting, tries - 1)
}
