import { HugepoolError, throwAll } from '../../errors.ts'
import { type Count, namedPages, type Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize, type SizeWord } from '../words/page-size.ts'
import { present } from '../words/present.ts'

/** What a call that keeps going leaves out of a request, or cuts, and why. */
export interface PartLeftOut {
  readonly size: SizeWord
  readonly node?: NodeId
  /** The number of pages that was asked for, where it is one. */
  readonly requested?: Pages
  /** The pages that are asked of the kernel in its place; absent where nothing is. */
  readonly planned?: Pages
  readonly error: HugepoolError
}

/** The parts of a request that the machine can have, and those that were left out. */
export interface Sifted<Kept> {
  readonly kept: readonly Kept[]
  readonly leftOut: readonly PartLeftOut[]
}

/** Whether what cannot be had is left out, so that the rest is done. */
export interface KeepsGoing {
  readonly keepGoing?: boolean
}

/** Returns the pages that a count means; undefined where they depend on the machine. */
const plainPages = (count: Count, size: PageSize): Pages | undefined => {
  const isPlain = count.kind !== 'percent' && count.kind !== 'max' && count.sign === ''
  return isPlain ? namedPages(count, size) : undefined
}

/**
 * Calls `make` for each part of a request. A call that keeps going leaves out the parts for which
 * it throws an error. E_USAGE is always thrown: words that are wrong are wrong on every machine.
 */
export const sifted = <From, Kept>(
  { keepGoing = false }: KeepsGoing,
  all: readonly From[],
  make: (one: From) => readonly Kept[],
  name: (one: From) => Omit<PartLeftOut, 'error'>,
): Sifted<Kept> => {
  const kept: Kept[] = []
  const leftOut: PartLeftOut[] = []
  for (const one of all)
    try {
      kept.push(...make(one))
    } catch (error) {
      const isLack = error instanceof HugepoolError && error.code !== 'E_USAGE'
      if (!keepGoing || !isLack) throw error
      leftOut.push({ ...name(one), error })
    }
  return { kept, leftOut }
}

/** Names what was left out: `2M on node 1`. */
export const leftOutName = ({ size, node }: Pick<PartLeftOut, 'size' | 'node'>): string =>
  `${size === 'default' ? size : formatSize(size)}${onNode(node)}`

/** Says what was left out or cut, and why. */
export const leftOutWords = (one: PartLeftOut): string => {
  const { planned, error } = one
  const how = planned === undefined ? 'left out' : `cut to ${planned}`
  return `${leftOutName(one)}: ${how}: ${error.message}`
}

/** Returns the hints of all that was left out, each line once. */
export const leftOutHints = (all: readonly PartLeftOut[]): readonly string[] => [
  ...new Set(all.flatMap(({ error: { hint } }) => hint?.split('\n') ?? [])),
]

/** Names a part of a request: a pool, or a pool on one node. */
export const partName = (
  { size }: { readonly size: PageSize },
  node: NodeId | undefined,
  count: Count,
): Omit<PartLeftOut, 'error'> => present({ size, node, requested: plainPages(count, size) })

/** A number that was requested, of a result or of a plan, which has no values before and after. */
interface Setting extends Pick<PartLeftOut, 'node'> {
  readonly size: PageSize
  readonly before?: Pages
  readonly after?: Pages
}

/**
 * Throws all errors as one where nothing could be done of a request: everything was left out, and
 * nothing has changed.
 */
export const refuseNothing = (
  settings: readonly Setting[],
  leftOut: readonly PartLeftOut[],
): void => {
  const isLeftOut = ({ size, node, before, after }: Setting) =>
    before === after &&
    leftOut.some((one) => one.size === size && (one.node === undefined || one.node === node))
  if (leftOut.length > 0 && settings.every(isLeftOut)) throwAll(leftOut.map(({ error }) => error))
}
