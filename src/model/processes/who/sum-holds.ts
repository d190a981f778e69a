import type { Pages } from '../../words/count.ts'
import type { PageSize } from '../../words/page-size.ts'
import { present } from '../../words/present.ts'
import { addNodes, nodesOfAreas, wholeOn } from './area-nodes.ts'
import type { PageHold, PagesOnNode } from './page-hold.ts'
import { privatePages } from './private-pages.ts'

export const summings = ['process', 'user', 'container', 'kind', 'node'] as const
/** By what rows are added up. */
export type Summing = (typeof summings)[number]

/** A sum of holds: `kind` is absent where it is of several kinds. */
export type SummedHold = Omit<PageHold, 'kind'> &
  Partial<Pick<PageHold, 'kind'>> & { readonly container?: string }

type Grouping = Exclude<Summing, 'node'>

/** What the holds of a sum have in common. */
const common: Readonly<Record<Grouping, (hold: PageHold) => Partial<SummedHold>>> = {
  process: ({ process }) => present({ process }),
  user: ({ process, uid, user }) =>
    present({ uid: process?.uid ?? uid, user: process?.user ?? user }),
  container: ({ process }) => present({ container: process?.container }),
  kind: () => ({}),
}

const keyFor = ({ kind, process, uid }: PageHold, by: Grouping): string | undefined => {
  if (by === 'process') return process && `${process.pid}`
  if (by === 'user') return (process?.uid ?? uid)?.toString()
  return by === 'container' ? process?.container : kind
}

/** The pages of several holds, those of a file and each frame counted once. */
export const pagesOfAll = (holds: readonly PageHold[]): Pages | undefined => {
  const [first] = holds
  const known = holds.filter(({ pages }) => pages !== undefined)
  if (first === undefined || known.length === 0) return undefined
  const files = new Map(known.flatMap((hold) => [...(hold.files ?? [])]))
  const others = known.flatMap(({ files: has, pages = 0n }) => (has === undefined ? [pages] : []))
  const ofFiles = [...files.values(), ...others].reduce((sum, pages) => sum + pages, 0n)
  return (
    ofFiles +
    privatePages(
      known.flatMap(({ areas = [] }) => areas),
      first.size,
    )
  )
}

/** Holds without those of files that one before them has too. */
const distinctHolds = (holds: readonly PageHold[]): readonly PageHold[] => {
  const seen = new Set<string>()
  return holds.filter(({ files }) => {
    const key = files && [...files.keys()].join(' ')
    return key === undefined || (!seen.has(key) && seen.add(key))
  })
}

/** Whether a hold is of private memory, which reserves for itself: a child has areas like its parent's. */
const isOwn = ({ areas = [] }: PageHold): boolean =>
  areas.length > 0 && areas.every(({ isPrivate }) => isPrivate)

const reservedOfAll = (holds: readonly PageHold[]): Pages | undefined => {
  const shared = distinctHolds(holds.filter((hold) => !isOwn(hold)))
  const known = [...shared, ...holds.filter(isOwn)].flatMap(({ reserved }) => reserved ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, pages) => sum + pages, 0n)
}

const isAtMost = (holds: readonly PageHold[]): true | undefined =>
  holds.some(({ reservedAtMost }) => reservedAtMost === true) || undefined

const countOn = ({ nodes = [] }: PageHold): Pages =>
  nodes.reduce((sum, { pages }) => sum + pages, 0n)

/**
 * Where the pages of several holds are. What processes have in their memory is known by its frames,
 * each of which counts once: of one file they can have different pages, and a child has written to
 * some of those of its parent. Where all is on one node, everything counts, in memory or not.
 */
export const nodesOfHolds = (holds: readonly PageHold[]): readonly PagesOnNode[] | undefined => {
  const known = holds.filter(({ nodes }) => nodes !== undefined)
  if (known.length === 0) return undefined
  const [node, ...others] = new Set(known.flatMap((hold) => hold.nodes?.map((on) => on.node) ?? []))
  if (others.length === 0 && known.every((hold) => countOn(hold) === hold.pages))
    return wholeOn(node, pagesOfAll(known) ?? 0n) ?? []
  const framed = known.flatMap(({ areas = [] }) => areas)
  const unframed = distinctHolds(known.filter(({ areas }) => areas === undefined))
  return addNodes([...nodesOfAreas(framed), ...unframed.flatMap(({ nodes = [] }) => nodes)])
}

const summed = (holds: readonly PageHold[], by: Grouping): SummedHold => {
  const [first] = holds as readonly [PageHold]
  const kinds = new Set(holds.map(({ kind }) => kind))
  return present({
    ...common[by](first),
    size: first.size,
    kind: kinds.size === 1 ? first.kind : undefined,
    pages: pagesOfAll(holds),
    reserved: reservedOfAll(holds),
    reservedAtMost: isAtMost(holds),
    nodes: nodesOfHolds(holds),
  })
}

/** Splits a hold by node. What lies on no known node is a part without one. */
const oneForEachNode = (hold: SummedHold): readonly SummedHold[] => {
  const { nodes, reserved, reservedAtMost, pages, ...rest } = hold
  if (nodes === undefined || nodes.length === 0) return [hold]
  const known = nodes.reduce((sum, one) => sum + one.pages, 0n)
  const left = (pages ?? known) - known
  const parts = nodes.map((one) => ({ ...rest, pages: one.pages, nodes: [one] }))
  if (left <= 0n && (reserved ?? 0n) === 0n) return parts
  return [
    ...parts,
    present({ ...rest, pages: left > 0n ? left : undefined, reserved, reservedAtMost }),
  ]
}

/** A row for every node on which a hold has pages. */
export const splitByNode = (holds: readonly SummedHold[]): readonly SummedHold[] =>
  holds.flatMap(oneForEachNode)

const nodeSums = (holds: readonly PageHold[], size: PageSize): readonly SummedHold[] => {
  const ofSize = holds.filter((hold) => hold.size === size)
  const [pages, reserved] = [pagesOfAll(ofSize), reservedOfAll(ofSize)]
  const reservedAtMost = isAtMost(ofSize)
  return oneForEachNode(
    present({ size, pages, reserved, reservedAtMost, nodes: nodesOfHolds(ofSize) }),
  ).map(({ nodes = [], pages: there = 0n, ...rest }) => ({ ...rest, pages: there, nodes }))
}

/** Adds up holds of the same size; a file that several of a sum have counts once in it. */
export const sumHolds = (holds: readonly PageHold[], by: Summing): readonly SummedHold[] => {
  const sizes = [...new Set(holds.map(({ size }) => size))]
  if (by === 'node') return sizes.flatMap((size) => nodeSums(holds, size))
  const groups = new Map<string, PageHold[]>()
  for (const hold of holds) {
    const key = `${hold.size} ${keyFor(hold, by) ?? `-${hold.kind}`}`
    groups.set(key, [...(groups.get(key) ?? []), hold])
  }
  return [...groups.values()].map((group) => summed(group, by))
}
