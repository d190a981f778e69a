import { type ErrorCode, HugepoolError } from '../../errors.ts'
import type { Ports } from '../ports.ts'
import { lookAtLoader } from './look-at-loader.ts'

/** These errors leave the line undefined: the record is garbage, or only root may read a file. */
const unasked: readonly string[] = ['E_REFUSED', 'E_PERMISSION'] satisfies readonly ErrorCode[]

/**
 * Returns the command line of the next boot, as the boot loader has made it of its configuration.
 * Undefined where hugepool cannot read it from the files of this boot loader.
 */
export const lookAtNextLine = async (ports: Ports): Promise<string | undefined> => {
  try {
    const { row, files } = await lookAtLoader(ports)
    return row.kind === 'install' ? row.entries(files)[0]?.line : undefined
  } catch (error) {
    if (error instanceof HugepoolError && unasked.includes(error.code)) return undefined
    throw error
  }
}
