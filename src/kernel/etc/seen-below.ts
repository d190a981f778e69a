import { HugepoolError } from '../../errors.ts'
import { pathPrefix } from '../../model/etc/path-parts.ts'

/**
 * Returns an error whose message names the file by its path on the machine of a tree. The message
 * of `error` begins with the path here, below the root of the tree.
 */
export const seenBelow = (root: string, error: unknown): unknown => {
  const prefix = pathPrefix(root)
  if (!(error instanceof HugepoolError) || !error.message.startsWith(`${prefix}/`)) return error
  const { code, reason, message, hint } = error
  return prefix === '' ? error : new HugepoolError(code, reason, message.slice(prefix.length), hint)
}
