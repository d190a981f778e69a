import type { Pages } from '../../words/count.ts'
import type { NodeId } from '../../words/node-list.ts'
import type { PageSize } from '../../words/page-size.ts'
import { present } from '../../words/present.ts'
import { addNodes } from './nodes-of-pages.ts'
import type { PageHold } from './page-hold.ts'
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
const pagesOfAll = (holds: readonly PageHold[]): Pages | undefined => {
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

const reservedOfAll = (holds: readonly PageHold[]): Pages | undefined => {
  const known = distinctHolds(holds).flatMap(({ reserved }) => reserved ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, pages) => sum + pages, 0n)
}

const summed = (holds: readonly PageHold[], by: Grouping): SummedHold => {
  const [first] = holds as readonly [PageHold]
  const kinds = new Set(holds.map(({ kind }) => kind))
  const known = distinctHolds(holds).filter(({ nodes }) => nodes !== undefined)
  return present({
    ...common[by](first),
    size: first.size,
    kind: kinds.size === 1 ? first.kind : undefined,
    pages: pagesOfAll(holds),
    reserved: reservedOfAll(holds),
    nodes: known.length === 0 ? undefined : addNodes(known.flatMap(({ nodes = [] }) => nodes)),
  })
}

/** Splits a hold by node. What lies on no known node is a part without one. */
const onNodes = (hold: SummedHold): readonly SummedHold[] => {
  const { nodes, reserved, pages, ...rest } = hold
  if (nodes === undefined || nodes.length === 0) return [hold]
  const known = nodes.reduce((sum, one) => sum + one.pages, 0n)
  const left = (pages ?? known) - known
  const parts = nodes.map((one) => ({ ...rest, pages: one.pages, nodes: [one] }))
  if (left <= 0n && (reserved ?? 0n) === 0n) return parts
  return [...parts, present({ ...rest, pages: left > 0n ? left : undefined, reserved })]
}

/** A row for every node on which a hold has pages. */
export const splitByNode = (holds: readonly SummedHold[]): readonly SummedHold[] =>
  holds.flatMap(onNodes)

const nodeSums = (holds: readonly PageHold[], size: PageSize): readonly SummedHold[] => {
  const ofSize = distinctHolds(holds.filter((hold) => hold.size === size))
  const groups = new Map<NodeId | undefined, SummedHold[]>()
  for (const part of splitByNode(ofSize)) {
    const node = part.nodes?.[0]?.node
    groups.set(node, [...(groups.get(node) ?? []), part])
  }
  const total = (group: readonly SummedHold[], of: (one: SummedHold) => Pages | undefined) =>
    group.reduce((sum, one) => sum + (of(one) ?? 0n), 0n)
  return [...groups].map(([node, group]) => {
    const pages = total(group, (one) => one.pages)
    const reserved = node === undefined ? total(group, (one) => one.reserved) : undefined
    return present({ size, pages, reserved, nodes: node === undefined ? [] : [{ node, pages }] })
  })
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
