/**
 * Makes the keys whose values can be undefined optional, and removes undefined from their values.
 */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/**
 * Returns a copy of an object without the keys whose value is undefined. Unknown values have no
 * key, so that documents leave them out and comparisons of two objects do not see them.
 */
export const present = <const T extends object>(values: T): Present<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Present<T>

/** Returns a list that has something; undefined for an empty one, which documents leave out. */
export const unlessEmpty = <One>(list: readonly One[]): readonly One[] | undefined =>
  list.length === 0 ? undefined : list
