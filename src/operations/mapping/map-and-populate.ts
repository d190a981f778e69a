import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import type { Pages } from '../../model/words/count.ts'
import { mapParts } from './map-parts.ts'
import { pagesPresent } from './mapped-pages.ts'
import type { MappingSource } from './mapping-source.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import type { TouchState } from './touch/touch-state.ts'

/** Counts the pages in the file of --path, where the mapping shares them. */
const pagesInFile = (
  { mapper, plan }: RunningTest,
  [source]: readonly MappingSource[],
): Pages | undefined =>
  source?.kind === 'path' && source.descriptor !== undefined && plan.sharing === 'shared'
    ? mapper.heldBytes(source.descriptor) / plan.size
    : undefined

/**
 * Makes the mappings of a plan. Where they are populated, it records how many pages were populated
 * and how long that took. A file may have had pages before, which cannot be told apart in the
 * mapping; therefore a file's pages are counted before and after.
 */
export const mapAndPopulate = async (
  test: RunningTest,
  sources: readonly MappingSource[],
  mappedParts: MappedPart[],
  state: TouchState,
): Promise<MappingFailure | undefined> => {
  const { ports, plan } = test
  if (!plan.populate) return mapParts(test, sources, mappedParts)
  const before = pagesInFile(test, sources)
  const started = ports.clock()
  const refusal = await mapParts(test, sources, mappedParts)
  state.seconds += (ports.clock() - started) / 1000
  const now = pagesInFile(test, sources)
  if (before === undefined || now === undefined) state.populated = await pagesPresent(mappedParts)
  else state.populated = now > before ? now - before : 0n
  return refusal
}
