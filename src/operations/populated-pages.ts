import type { Pages } from '../model/count.ts'
import type { Source } from './mapping-source.ts'
import type { Area, MappingTest } from './mapping-test.ts'
import { pagesThere } from './page-nodes.ts'

/** Pages of the file that a shared mapping is of, where it was there before. */
const pagesInFile = (
  { mapper, plan }: MappingTest,
  [source]: readonly Source[],
): Pages | undefined =>
  source?.kind === 'path' && source.descriptor !== undefined && plan.sharing === 'shared'
    ? mapper.heldBytes(source.descriptor) / plan.size
    : undefined

/**
 * Asked before anything is mapped: how many pages have been faulted in since. A file may have had
 * some already, and a mapping does not tell those apart.
 */
export const countPopulated = (
  test: MappingTest,
  sources: readonly Source[],
): ((areas: readonly Area[]) => Promise<Pages>) => {
  const before = pagesInFile(test, sources)
  return async (areas) => {
    const now = pagesInFile(test, sources)
    if (before === undefined || now === undefined) return pagesThere(areas)
    return now > before ? now - before : 0n
  }
}
