import {
  type CountersAt,
  countersAt,
  type PoolLook,
  type WatchedCounter,
  watchedCounters,
} from './pool-look.ts'

/** Differences of counters, later minus earlier. One that is not known of both is absent. */
export interface CounterChange extends Omit<CountersAt, 'counts'> {
  readonly changes: CountersAt['counts']
}

const differencesOf = (before: CountersAt['counts'], after: CountersAt['counts']) => {
  const differences = watchedCounters.flatMap((counter): [WatchedCounter, bigint][] => {
    const [one, other] = [before[counter], after[counter]]
    return one === undefined || other === undefined ? [] : [[counter, other - one]]
  })
  return Object.fromEntries(differences)
}

/**
 * Compares two looks, for every pool and node that both have, by `poolNodeKey`. A pool stands before its
 * nodes, and a counter that did not change has a difference of 0.
 */
export const counterDifferences = (
  before: PoolLook,
  after: PoolLook,
): ReadonlyMap<string, CounterChange> => {
  const earlier = countersAt(before)
  return new Map(
    [...countersAt(after)].flatMap(([key, { counts, ...pool }]) => {
      const was = earlier.get(key)?.counts
      return was === undefined ? [] : [[key, { ...pool, changes: differencesOf(was, counts) }]]
    }),
  )
}

/** Compares two looks as `counterDifferences` does, and leaves out what did not change. */
export const counterChanges = (before: PoolLook, after: PoolLook): readonly CounterChange[] =>
  [...counterDifferences(before, after).values()].flatMap(({ changes, ...pool }) => {
    const changed = Object.entries(changes).filter(([, difference]) => difference !== 0n)
    return changed.length === 0 ? [] : [{ ...pool, changes: Object.fromEntries(changed) }]
  })
