import { HugepoolError } from '../../errors.ts'
import { readSizeFacts } from '../../kernel/pools/size-facts.ts'
import type { Tree } from '../../kernel/tree.ts'
import { sizeAdvice } from '../../model/pools/possible-sizes.ts'

/** Adds advice to the error of a size without a pool: what the size needs on this architecture. */
export const withSizeAdvice = (error: HugepoolError, tree: Tree): HugepoolError => {
  const { code, reason, message, hint, signal, details } = error
  if (typeof details.pageSize !== 'bigint') return error
  const said = hint?.split('\n') ?? []
  const advice = sizeAdvice(details.pageSize, readSizeFacts(tree))
  const lines = advice.filter((line) => !said.includes(line))
  return new HugepoolError(
    code,
    reason,
    message,
    [hint ?? [], ...lines].flat().join('\n'),
    signal,
    details,
  )
}
