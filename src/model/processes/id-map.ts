/** A range of users or groups of a user namespace, and what they are outside of it. */
export interface IdRange {
  readonly inside: bigint
  readonly outside: bigint
  readonly count: bigint
}

/** A line of uid_map and gid_map (user_namespaces(7)). */
const mapLine = /^ *(\d+) +(\d+) +(\d+)$/gm

/** Reads uid_map or gid_map, as the kernel numbers both sides for who reads it. */
export const idRangesIn = (text: string): readonly IdRange[] =>
  [...text.matchAll(mapLine)].map(([, inside = '', outside = '', count = '']) => ({
    inside: BigInt(inside),
    outside: BigInt(outside),
    count: BigInt(count),
  }))

/** What a user or group of a namespace is outside; undefined where it is not one of the namespace. */
export const idOutside = (ranges: readonly IdRange[], id: bigint): bigint | undefined => {
  const range = ranges.find(({ inside, count }) => id >= inside && id < inside + count)
  return range && range.outside + id - range.inside
}
