import { changingCalls, errnosOf } from './errnos.ts'
import { isLasting, type Point } from './recording.ts'

/** What becomes of a call. */
export type Fate =
  | { readonly kind: 'errno'; readonly errno: string; readonly ever: boolean }
  | { readonly kind: 'delay' }
  | { readonly kind: 'kill' }

/** One run: the call of a command that does not go well. */
export interface Fault {
  readonly scene: string
  readonly json: boolean
  readonly point: Point
  readonly fate: Fate
}

/** Numbers from 0 up to 1, in a sequence that each seed has of its own (mulberry32). */
export const numbersFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What names of files are alike by: the bundles of the program, and units that are not hugepool's. */
const kinds = [
  [/^.*\/dist\/[^/]+(\.js(?:\.cache)?)$/, 'dist/*$1'],
  [/^(\/(?:etc|run)\/systemd\/[^/]+)\/(?!.*huge).*$/, '$1/*'],
] as const

const kindOf = (path: string): string =>
  kinds.reduce((name, [pattern, instead]) => name.replace(pattern, instead), path)

const keyOf = ({ call, path }: Point): string =>
  `${call} ${path === undefined ? path : kindOf(path)}`

/** A call that is interrupted for ever does not exist: libuv waits for the end of that. */
const isForEver = (errno: string, turn: number): boolean => errno !== 'EINTR' && turn % 2 === 0

/** Where strace cannot look for the path, all further calls of a name would fail, Node's too. */
const isNamed = ({ path }: Point): boolean => path !== undefined && isLasting(path)

/**
 * What a call is tried with. The first one on a file that changes something has every errno of its
 * page. Others have them by turns, those that read every other one for ever, so that all calls on one
 * file have them between them.
 */
const fatesOf = (point: Point, turn: number): readonly Fate[] => {
  const errnos = errnosOf(point.call)
  const errno = errnos[turn % errnos.length] ?? 'EIO'
  if (!changingCalls.has(point.call))
    return [{ kind: 'errno', errno, ever: isForEver(errno, turn >> 1) && isNamed(point) }]
  if (point.onPath > 1) return [{ kind: 'errno', errno, ever: false }]
  const once = errnos.map((one): Fate => ({ kind: 'errno', errno: one, ever: false }))
  const ever: readonly Fate[] = isNamed(point) ? [{ kind: 'errno', errno: 'EIO', ever: true }] : []
  return [...once, ...ever, { kind: 'delay' }]
}

/**
 * The calls that a kill comes before: those that change something, and those that follow them, which
 * is a kill after the change. Elsewhere nothing differs from the kill before.
 */
const killsAt = (points: readonly Point[]): readonly Point[] => {
  const changes = (point: Point | undefined) => point !== undefined && changingCalls.has(point.call)
  return points.filter((point, index) => changes(point) || changes(points[index - 1]))
}

/** As many calls of a kind on one file as are tried, unless all are asked for. */
const mostAlike = 4
const mostKills = 25

/** The first, the last, and some between: what comes before a change and what comes after it. */
const spreadOver = <T>(all: readonly T[], most = mostAlike): readonly T[] => {
  const last = all.length - 1
  if (last < most) return all
  const chosen = Array.from({ length: most }, (_, at) => Math.round((at * last) / (most - 1)))
  return chosen.flatMap((index) => all[index] ?? [])
}

const groupedBy = <T>(all: readonly T[], keyed: (one: T) => string): Map<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const one of all) groups.set(keyed(one), [...(groups.get(keyed(one)) ?? []), one])
  return groups
}

/** All runs of a command, from the calls that it makes. Every other one asks for JSON. */
export const faultsOf = (
  scene: string,
  points: readonly Point[],
  every = true,
): readonly Fault[] => {
  const failing = [...groupedBy(points, keyOf)].flatMap(([key, all]) =>
    (every ? all : spreadOver(all)).flatMap((point, index) =>
      fatesOf(point, key.length + index + 1).map((fate) => ({ point, fate })),
    ),
  )
  const kills = killsAt(points).map((point) => ({ point, fate: { kind: 'kill' } as const }))
  const faults = [...failing, ...(every ? kills : spreadOver(kills, mostKills))]
  return faults.map((fault, index) => ({ scene, json: index % 2 === 1, ...fault }))
}

/** Where a file lies: how a failure is met differs between these more than between the files in them. */
const placeOf = ({ path }: Point): string => {
  if (path === undefined) return ''
  if (kindOf(path).startsWith('dist/')) return 'dist'
  const [, top = '', second = ''] = path.split('/')
  return top === 'sys' ? `${top}/${second}` : top
}

const nameOf = (fate: Fate): string => (fate.kind === 'errno' ? fate.errno : fate.kind)

const everyFate = (call: string): readonly Fate[] => [
  ...errnosOf(call).map((errno): Fate => ({ kind: 'errno', errno, ever: false })),
  { kind: 'delay' },
  { kind: 'kill' },
]

/**
 * What no run has of all that can become of a call in a place, spread over the scenes that make this
 * call there: each is held up, killed and made to fail with every errno of its page at least once.
 */
const missingOf = (
  scenes: ReadonlyMap<string, readonly Point[]>,
  faults: readonly Fault[],
): readonly Fault[] => {
  const keyed = (point: Point) => `${point.call} ${placeOf(point)}`
  const planned = groupedBy(faults, ({ point }) => keyed(point))
  const made = [...scenes].flatMap(([scene, points]) => points.map((point) => ({ scene, point })))
  return [...groupedBy(made, ({ point }) => keyed(point))].flatMap(([key, places]) => {
    const names = new Set((planned.get(key) ?? []).map(({ fate }) => nameOf(fate)))
    const missing = everyFate(key.split(' ')[0] ?? '').filter((fate) => !names.has(nameOf(fate)))
    return missing.flatMap((fate, index) => {
      const place = places[Math.floor(((index + 0.5) * places.length) / missing.length)]
      return place === undefined ? [] : [{ ...place, json: index % 2 === 1, fate }]
    })
  })
}

/** All runs of these scenes, those of one after the other. */
export const allFaultsOf = (
  scenes: ReadonlyMap<string, readonly Point[]>,
  every: boolean,
): readonly Fault[] => {
  const faults = [...scenes].flatMap(([scene, points]) => faultsOf(scene, points, every))
  const all = groupedBy([...faults, ...missingOf(scenes, faults)], ({ scene }) => scene)
  return [...scenes.keys()].flatMap((scene) => all.get(scene) ?? [])
}

/** As many runs of each scene are in a sample that is large enough. */
const leastOfEach = 3

/** As many of these as are asked for, of all scenes, in their order. */
export const sampleOf = <T extends { readonly scene: string }>(
  all: readonly T[],
  count: number,
  seed: number,
): readonly T[] => {
  const next = numbersFrom(seed)
  const drawn = all
    .map((one, index) => ({ one, index, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
  const scenes = [...groupedBy(drawn, ({ one }) => one.scene).values()]
  const least = Math.min(leastOfEach, Math.floor(count / scenes.length))
  const chosen = new Set(scenes.flatMap((some) => some.slice(0, least)))
  for (const one of drawn) if (chosen.size < count) chosen.add(one)
  return [...chosen].sort((a, b) => a.index - b.index).map(({ one }) => one)
}

/** The words of strace for a fault. */
export const tamperingWords = ({
  point,
  fate,
}: Pick<Fault, 'point' | 'fate'>): readonly string[] => {
  const { call, path, onPath, ofAll } = point
  const byPath = path !== undefined && isNamed(point)
  const when = `when=${byPath ? onPath : ofAll}`
  const fates = {
    errno: () => `error=${(fate as { errno: string }).errno}:${when}`,
    delay: () => `delay_enter=1000000:${when}`,
    kill: () => `signal=KILL:${when}`,
  }
  const plus = fate.kind === 'errno' && fate.ever ? '+' : ''
  return [
    ...(byPath ? ['-P', path] : []),
    ...['-e', `trace=${call}`, '-e', `inject=${call}:${fates[fate.kind]()}${plus}`],
  ]
}
