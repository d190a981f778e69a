import { usage } from '../../errors.ts'
import { type Count, wholePages } from '../words/count.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { type ConfigFault, faultsOf } from './config-fault.ts'
import type { PoolKeys } from './config-schema.ts'

const checkWhole = (size: PageSize, count: Count): void => {
  if (count.kind === 'memory') wholePages(count.bytes, size)
}

const checkDemoteSize = (size: PageSize, demoteSize: PageSize): void => {
  if (demoteSize >= size || size % demoteSize !== 0n)
    throw usage(
      `${formatSize(demoteSize)} is not smaller than ${formatSize(size)}`,
      `pages of ${formatSize(size)} are split into smaller ones`,
    )
}

/** Finds what the table of a pool says that cannot be on any machine, because of its page size. */
export const poolFaults = (
  name: string,
  size: PageSize,
  { pages, overcommit, 'demote-size': demoteSize }: PoolKeys,
): readonly ConfigFault[] => {
  const counts = pages?.counts ?? []
  const all = 'kind' in counts ? [counts] : counts.map(({ count }) => count)
  const at = (key: string) => ['pools', name, key]
  return [
    ...faultsOf(at('pages'), () => all.map((count) => checkWhole(size, count))),
    ...faultsOf(at('overcommit'), () => overcommit && checkWhole(size, overcommit)),
    ...faultsOf(at('demote-size'), () => demoteSize && checkDemoteSize(size, demoteSize)),
  ]
}
