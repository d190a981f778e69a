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

const keyOf = ({ call, path }: Point): string => `${call} ${path}`

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
const mostAlike = 5
const mostKills = 25

/** The first, the last, and some between: what comes before a change and what comes after it. */
const spreadOver = <T>(all: readonly T[], most = mostAlike): readonly T[] => {
  const last = all.length - 1
  if (last < most) return all
  const chosen = Array.from({ length: most }, (_, at) => Math.round((at * last) / (most - 1)))
  return chosen.flatMap((index) => all[index] ?? [])
}

/** All runs of a command, from the calls that it makes. Every other one asks for JSON. */
export const faultsOf = (
  scene: string,
  points: readonly Point[],
  every = true,
): readonly Fault[] => {
  const alike = new Map<string, Point[]>()
  for (const point of points) alike.set(keyOf(point), [...(alike.get(keyOf(point)) ?? []), point])
  const failing = [...alike].flatMap(([key, all]) =>
    (every ? all : spreadOver(all)).flatMap((point, index) =>
      fatesOf(point, key.length + index + 1).map((fate) => ({ point, fate })),
    ),
  )
  const kills = killsAt(points).map((point) => ({ point, fate: { kind: 'kill' } as const }))
  const faults = [...failing, ...(every ? kills : spreadOver(kills, mostKills))]
  return faults.map((fault, index) => ({ scene, json: index % 2 === 1, ...fault }))
}

/** As many of these as are asked for, in their order. */
export const sampleOf = <T>(all: readonly T[], count: number, seed: number): readonly T[] => {
  const next = numbersFrom(seed)
  const drawn = all.map((one, index) => ({ one, index, rank: next() }))
  const chosen = drawn.sort((a, b) => a.rank - b.rank).slice(0, count)
  return chosen.sort((a, b) => a.index - b.index).map(({ one }) => one)
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
    // With a filter of seccomp, which is faster, strace puts no signals in.
    ...(fate.kind === 'kill' ? [] : ['--seccomp-bpf']),
    ...(byPath ? ['-P', path] : []),
    ...['-e', `trace=${call}`, '-e', `inject=${call}:${fates[fate.kind]()}${plus}`],
  ]
}
