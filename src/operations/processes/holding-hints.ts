import { readHoldings } from '../../kernel/processes/read-holdings.ts'
import { isLive } from '../../kernel/tree.ts'
import { holdingAdvice } from '../../model/processes/holdings.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import type { Ports } from '../ports.ts'

/** Tells what holds pages of the sizes, and what would free them. A recording holds none. */
export const holdingHintsFor = ({ tree }: Ports, sizes: readonly PageSize[]): readonly string[] =>
  isLive(tree) ? sizes.flatMap((size) => holdingAdvice(readHoldings(tree, size))) : []
