import {
  type CountersAt,
  countersAt,
  type PoolLook,
  type WatchedCounter,
  watchedCounters,
} from './pool-look.ts'

/** Differences of counters, later minus earlier. One that did not change is absent. */
export interface CounterChange extends Omit<CountersAt, 'counts'> {
  readonly changes: CountersAt['counts']
}

const differencesOf = (before: CountersAt['counts'], after: CountersAt['counts']) => {
  const differences = watchedCounters.flatMap((counter): [WatchedCounter, bigint][] => {
    const [one, other] = [before[counter], after[counter]]
    return one === undefined || other === undefined || one === other ? [] : [[counter, other - one]]
  })
  return Object.fromEntries(differences)
}

/**
 * Compares two looks, for every pool and node that both have. What did not change is left out. A
 * pool stands before its nodes.
 */
export const counterChanges = (before: PoolLook, after: PoolLook): readonly CounterChange[] => {
  const earlier = countersAt(before)
  return [...countersAt(after)].flatMap(([key, { counts, ...place }]) => {
    const changes = differencesOf(earlier.get(key)?.counts ?? {}, counts)
    return Object.keys(changes).length === 0 ? [] : [{ ...place, changes }]
  })
}

/**
 * Tells how many more pages are in use than in an earlier look, by `placeKey`. What one of the looks
 * does not have is absent.
 */
export const inUseChanges = (before: PoolLook, after: PoolLook): ReadonlyMap<string, bigint> => {
  const earlier = countersAt(before)
  return new Map(
    [...countersAt(after)].flatMap(([key, { counts }]) => {
      const was = earlier.get(key)?.counts.inUse
      return was === undefined || counts.inUse === undefined ? [] : [[key, counts.inUse - was]]
    }),
  )
}
