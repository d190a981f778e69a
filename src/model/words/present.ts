/** The keys of an object whose values can be undefined become optional, and are never undefined. */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/**
 * The same object without the keys whose value is undefined: what is not known has no key, so that
 * a document leaves it out and a comparison of two objects does not see it. The object is a copy.
 */
export const present = <const T extends object>(values: T): Present<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Present<T>
