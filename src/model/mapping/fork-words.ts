import { plural } from '../words/plural.ts'
import type { Sharing } from './mapping-request.ts'
import type { ForkedPages, MappingFailure } from './mapping-result.ts'

/** Describes what a child of fork(2) wrote. The kernel copies pages of private mappings only. */
export const forkWords = (
  { written, copied }: ForkedPages,
  sharing: Sharing,
  failure: Pick<MappingFailure, 'page' | 'errno'> | undefined,
): string => {
  const wrote = `a child wrote ${plural(written, 'page')}`
  const how =
    sharing === 'shared' && copied === 0n
      ? 'the same ones, so that no copy was needed'
      : `${copied} of them copied for it`
  const end = failure === undefined ? '' : `; page ${failure.page}: ${failure.errno}`
  return `${wrote}, ${how}${end}`
}
