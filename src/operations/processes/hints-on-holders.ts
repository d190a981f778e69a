import { HugepoolError } from '../../errors.ts'
import { explain, isShortage } from '../../kernel/errno.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'

/**
 * Says, instead of the holders, that the kernel lacks memory or descriptors to look for them: the
 * result of the call is to be told nevertheless. Throws every other error.
 */
const unlookedHint = (error: unknown): string => {
  const told = isShortage(error) && explain(error, 'looking for them')
  if (told instanceof HugepoolError) return `who holds the pages is not known: ${told.message}`
  throw error
}

/**
 * Says who holds pages of the sizes. Looks at the processes and files of the machine only where
 * there is a size. `withSelf` says that this process has pages too.
 */
export const hintsOnHolders = async (
  ports: Ports,
  sizes: readonly PageSize[],
  withSelf = false,
): Promise<readonly string[]> => {
  if (sizes.length === 0) return []
  try {
    return (await import('./holding-hints.ts')).holdingHintsFor(ports, sizes, withSelf)
  } catch (error) {
    return [unlookedHint(error)]
  }
}
