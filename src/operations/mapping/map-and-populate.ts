import type { MappingFailure } from '../../model/mapping/mapping-result.ts'
import type { Pages } from '../../model/words/count.ts'
import { mapParts } from './map-parts.ts'
import type { MappingSource } from './mapping-source.ts'
import { pagesPresent } from './page-nodes.ts'
import type { MappedPart, RunningTest } from './running-test.ts'
import type { TouchState } from './touch/touch-state.ts'

/** Pages of the file of --path, where a shared mapping has the same ones. */
const pagesInFile = (
  { mapper, plan }: RunningTest,
  [source]: readonly MappingSource[],
): Pages | undefined =>
  source?.kind === 'path' && source.descriptor !== undefined && plan.sharing === 'shared'
    ? mapper.heldBytes(source.descriptor) / plan.size
    : undefined

/**
 * Makes the mappings of a plan, and notes for how many pages that has come, and how long it took,
 * where they are populated. A file may have had some already, and a mapping does not tell those
 * apart.
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
