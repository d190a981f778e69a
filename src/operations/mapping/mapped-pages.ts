import { errnoOf } from '../../kernel/errno.ts'
import { ProcessGone } from '../../kernel/mapping/sharing/share-conversation.ts'
import type { Pages } from '../../model/words/count.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { MappedPart } from './running-test.ts'
import type { Toucher } from './touch/touch-state.ts'

/** Reads the node of each page. Undefined where move_pages(2) fails; a sandbox may refuse it. */
export const pageNodes = async (
  toucher: Pick<Toucher, 'nodes'>,
  from: Pages,
  to: Pages,
): Promise<readonly (NodeId | undefined)[] | undefined> => {
  try {
    const nodes = await toucher.nodes(Number(from), Number(to))
    return nodes.map((node) => (node < 0 ? undefined : node))
  } catch (error) {
    if (error instanceof ProcessGone || errnoOf(error) === undefined) throw error
    return undefined
  }
}

/** Counts the pages of the mappings that have been faulted in, as far as the kernel shows it. */
export const pagesPresent = async (mappedParts: readonly MappedPart[]): Promise<Pages> => {
  let there = 0n
  for (const { mapping, part, populated } of mappedParts) {
    if (populated !== undefined) {
      there += populated
      continue
    }
    const nodes = (await pageNodes(mapping, 0n, part.pages)) ?? []
    there += BigInt(nodes.filter((node) => node !== undefined).length)
  }
  return there
}
