/** What a holder comes to: what is in use, explained, pinned and reserved, and its rows. */
export interface Expected {
  readonly used: number
  /** All that is used, where it is not said. */
  readonly explained?: number
  readonly pinned?: number
  readonly reserved?: number
  /**
   * Whether the kernel (6.12 and later) lowers its count of reservations, below zero too: for pages that
   * are pinned, and for those that a child has when its parent is gone.
   */
  readonly lowersReserved?: true
  /** `KIND PAGES`, one for each row. */
  readonly rows: readonly string[]
  /** Rows of what the kernel shows of a buffer, which are there as long as a page is unexplained. */
  readonly buffers?: number
  /** The pages of all its rows of memory together, where it is not those of the first row. */
  readonly together?: number
  /** Whether it has a file, or a mount in the place of one. */
  readonly needsFile?: true
}

const held = (n: number, ...rows: readonly string[]): Expected => ({ used: n, rows })
const onFile = (n: number, ...rows: readonly string[]): Expected => ({
  ...held(n, ...rows),
  needsFile: true,
})
const unexplained = (n: number, rest: Partial<Expected> = {}): Expected => ({
  used: n,
  explained: 0,
  rows: [],
  ...rest,
})
const promised = (n: number, ...rows: readonly string[]): Expected => ({
  used: 0,
  reserved: n,
  rows,
})

/** The ways of test/live/zoo.cc with n pages each. */
export const expected = (n: number): Readonly<Record<string, Expected>> => {
  const mapping = `mapping ${n}`
  const descriptor = `descriptor ${n}`
  const file = `file ${n}`
  const segment = `segment ${n}`
  return {
    private: held(n, mapping),
    partly: { ...held(n, mapping), reserved: 1 },
    shared: held(n, mapping),
    'partly-shared': { ...held(n, mapping), reserved: 1 },
    'shared-two': held(n, mapping, mapping),
    untouched: promised(n, 'reservation 0'),
    'untouched-two': promised(n, 'reservation 0'),
    'untouched-shared': promised(n, 'reservation 0'),
    'untouched-shared-two': promised(n, 'reservation 0', 'reservation 0'),
    noreserve: held(0),
    memfd: held(n, mapping),
    'memfd-private': held(2 * n, `mapping ${2 * n}`),
    'memfd-open': held(n, descriptor),
    'memfd-open-two': held(n, descriptor, descriptor),
    'memfd-two': held(n, mapping, mapping),
    file: onFile(n, mapping),
    'file-two': onFile(n, mapping, mapping),
    'file-private': onFile(2 * n, `mapping ${2 * n}`),
    'file-private-two': {
      // The child has the mapping of its parent too, whose pages are the same.
      ...onFile(3 * n, `mapping ${2 * n}`, `mapping ${3 * n}`),
      together: 3 * n,
    },
    'file-open': onFile(n, descriptor),
    'file-left': onFile(n, file),
    unlinked: onFile(n, descriptor),
    opath: onFile(n, descriptor),
    segment: held(n, mapping, segment),
    'segment-two': held(n, mapping, mapping, segment),
    'segment-removed': held(n, mapping, segment),
    'segment-left': held(n, segment),
    'segment-kept': held(n, segment),
    'segment-untouched': promised(n, 'segment 0'),
    fork: { ...held(n + 1, mapping, mapping), together: n + 1 },
    'fork-only': held(n, mapping, mapping),
    'fork-orphan': { ...held(n, mapping), lowersReserved: true },
    pmd: held(n, mapping, mapping),
    'pmd-orphan': held(n, mapping),
    vm: held(n, mapping, mapping),
    'vm-untouched': promised(n, 'reservation 0'),
    'vm-sibling': promised(n, 'reservation 0'),
    thread: held(n, descriptor),
    'thread-instead': held(n, descriptor),
    'thread-ring': unexplained(n, { pinned: n, buffers: 1, lowersReserved: true }),
    'thread-ring-file': unexplained(n, { buffers: 1 }),
    leaderless: held(n, mapping),
    'leaderless-open': held(n, descriptor),
    'in-flight': unexplained(n),
    ring: unexplained(n, { pinned: n, buffers: 1, lowersReserved: true }),
    'ring-mapped': { ...held(n, mapping), buffers: 1 },
    'ring-shared': unexplained(n, { buffers: 1 }),
    'ring-file': unexplained(n, { buffers: 1 }),
    pipe: unexplained(n, { pinned: n, lowersReserved: true }),
    'pipe-shared': unexplained(n),
    minimum: { ...promised(n, 'mount -'), needsFile: true },
    'mount-left': onFile(n, file),
    'mount-kept': onFile(n, file),
    'mount-detached': onFile(n, file),
    'mount-nowhere': held(n, file),
    'mount-untouched': { ...promised(n, 'reservation 0'), needsFile: true },
    'mount-deep': onFile(n, descriptor),
    'like-segment': onFile(n, mapping),
    'like-memory': onFile(2 * n, `mapping ${2 * n}`),
    'fork-moved': promised(n, 'reservation 0'),
    'fork-moves': promised(n, 'reservation 0'),
    moved: { ...held(1, 'mapping 1'), reserved: n - 1 },
    watched: promised(n, 'reservation 0'),
    'watched-shared': promised(n, 'reservation 0'),
    'watched-filled': held(n, mapping),
    'watched-filled-shared': held(n, mapping),
  }
}

export const ways: readonly string[] = Object.keys(expected(1))

export const wanted = (way: string, n: number): Expected => {
  const one = expected(n)[way]
  if (one === undefined) throw new Error(`no such holder: ${way}`)
  return one
}

/** A small generator of numbers from a seed (mulberry32). */
export const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
