import { type ErrorCode, HugepoolError } from '../../errors.ts'
import type { Ports } from '../ports.ts'
import { lookAtLoader } from './look-at-loader.ts'

/** A record that is garbage, or that only root may read, is not asked for here. */
const unasked: readonly string[] = ['E_REFUSED', 'E_PERMISSION'] satisfies readonly ErrorCode[]

/**
 * Returns the command line of the next boot, as the boot loader has made it of its configuration.
 * Undefined where it does not show it, or is none that hugepool can read.
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
