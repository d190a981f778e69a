import type { Count } from './count.ts'

/** Says why a count is not the same number of pages at every start; undefined where it is. */
export const uncertainty = (count: Count): string | undefined => {
  if (count.kind === 'percent') return 'a share of the memory differs from one start to the next'
  if (count.kind === 'max') return 'as many as there is room for differs from one start to the next'
  return undefined
}
