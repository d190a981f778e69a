import { HugepoolError } from '../../errors.ts'
import { pathPrefix } from '../../model/etc/path-parts.ts'

/**
 * The error of a file below the root of a tree, by its path on that machine: its words begin with where
 * the file is here.
 */
export const seenBelow = (root: string, error: unknown): unknown => {
  const prefix = pathPrefix(root)
  if (!(error instanceof HugepoolError) || !error.message.startsWith(`${prefix}/`)) return error
  const { code, reason, message, hint } = error
  return prefix === '' ? error : new HugepoolError(code, reason, message.slice(prefix.length), hint)
}
