import { countersOf, findPool, type Machine, type Pool, persistent } from '../pools/machine.ts'
import type { RequestedSetting } from '../pools/pool-plan.ts'
import type { NodeCount } from '../words/assignment.ts'
import { type Count, pagesCount } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import type { ConfiguredPages } from './configuration.ts'
import type { DropInChanges } from './own-drop-in.ts'
import { countValue, pagesValue } from './print-words.ts'

/** Finds the pages that the configuration names for a pool as it was before. */
export type PagesBefore = (size: PageSize) => ConfiguredPages | undefined

export type LastingPool = NonNullable<DropInChanges['pools']>[number]

/**
 * Returns what a configuration names for one node; undefined where it names no nodes. A node that
 * is missing in a list of nodes has none.
 */
const configuredOn = (before: ConfiguredPages | undefined, node: NodeId): Count | undefined => {
  if (before === undefined || 'kind' in before.counts) return undefined
  const named = before.counts.find((each) => each.node === node)
  return named === undefined ? pagesCount(0n) : named.count
}

const heldOn = (pool: Pool, node: NodeId): Count => pagesCount(persistent(countersOf(pool, node)))

/**
 * Completes the counts of some nodes to those of the whole pool, because nodes that a configuration
 * does not name are to have no pages. The other nodes keep what it named for them before, or what
 * they have.
 */
const wholePool = (
  machine: Machine,
  pool: Pool,
  settings: readonly RequestedSetting[],
  before: ConfiguredPages | undefined,
): readonly NodeCount[] => {
  const askedOn = (id: NodeId) => settings.find(({ node }) => node === id)?.requested
  return machine.nodes
    .filter(({ id, hasMemory }) => hasMemory || askedOn(id) !== undefined)
    .map(({ id }) => {
      const asked = askedOn(id)
      if (asked !== undefined) return { node: id, count: pagesCount(asked) }
      return { node: id, count: configuredOn(before, id) ?? heldOn(pool, id) }
    })
}

const lastingPages = (
  machine: Machine,
  settings: readonly RequestedSetting[],
  before: ConfiguredPages | undefined,
): ConfiguredPages | undefined => {
  const [first] = settings
  if (first === undefined) return undefined
  const counts =
    first.node === undefined
      ? pagesCount(first.requested)
      : wholePool(machine, findPool(machine, first.size), settings, before)
  return { counts, atLeast: false }
}

/**
 * Returns what a configuration has to say of the pools that were asked for, so that a start makes
 * them so again: as asked for, whatever the kernel gave. Relative counts are numbers by now.
 */
export const lastingPools = (
  machine: Machine,
  settings: readonly RequestedSetting[],
  before: PagesBefore,
): readonly LastingPool[] =>
  [...new Set(settings.map(({ size }) => size))].map((size) => {
    const of = (attribute: RequestedSetting['attribute']) =>
      settings.filter((each) => each.size === size && each.attribute === attribute)
    const [overcommit] = of('overcommit')
    return present({
      size,
      pages: lastingPages(machine, of('persistent'), before(size)),
      overcommit: overcommit && pagesCount(overcommit.requested),
    })
  })

/** A key of a configuration, and its value as a text. */
export interface LastingKey {
  readonly key: string
  readonly value: string
}

/** Returns the keys that are written for pools, as in `pools.2M.pages`. */
export const lastingKeys = (pools: readonly LastingPool[]): readonly LastingKey[] =>
  pools.flatMap(({ size, pages, overcommit }) => {
    const key = (name: string) => `pools.${formatSize(size)}.${name}`
    return [
      ...(pages === undefined ? [] : [{ key: key('pages'), value: `${pagesValue(pages)}` }]),
      ...(overcommit === undefined
        ? []
        : [{ key: key('overcommit'), value: `${countValue(overcommit)}` }]),
    ]
  })
