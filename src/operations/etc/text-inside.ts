import { errnoOf } from '../../kernel/errno.ts'
import type { Packaged } from '../../model/packaged.ts'

/** Returns the files of the program. Throws where the launcher names none. */
export const ownFiles = (packaged: Packaged | undefined): Packaged => {
  if (packaged === undefined) throw new Error('the launcher names no files of the program')
  return packaged
}

/** Reads a file that only some forms of the program have. */
export const textInside = (name: string, { read }: Packaged): string | undefined => {
  try {
    return read(name)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
