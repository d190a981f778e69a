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

/** The same sequence for the same seed, of numbers from 0 up to 1 (mulberry32). */
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

/**
 * What a call is tried with. The first one on a file that changes something has every errno of its
 * page. Others have them by turns, those that read every other one for ever, so that all calls on one
 * file have them between them. A kill before a call is also the kill after the call before it.
 */
const fatesOf = (point: Point, turn: number): readonly Fate[] => {
  const errnos = errnosOf(point.call)
  const errno = errnos[turn % errnos.length] ?? 'EIO'
  const isFirst = point.onPath === 1
  const kill: Fate = { kind: 'kill' }
  if (!changingCalls.has(point.call))
    return [{ kind: 'errno', errno, ever: isForEver(errno, turn >> 1) }, ...(isFirst ? [kill] : [])]
  if (!isFirst) return [{ kind: 'errno', errno, ever: false }, kill]
  const once = errnos.map((one): Fate => ({ kind: 'errno', errno: one, ever: false }))
  return [...once, { kind: 'errno', errno: 'EIO', ever: true }, kill, { kind: 'delay' }]
}

/** As many calls of a kind on one file as are tried, unless all are asked for. */
const mostAlike = 5

/** The first, the last, and some between: what comes before a change and what comes after it. */
const spreadOver = (points: readonly Point[]): readonly Point[] => {
  const last = points.length - 1
  if (last < mostAlike) return points
  const chosen = Array.from({ length: mostAlike }, (_, at) =>
    Math.round((at * last) / (mostAlike - 1)),
  )
  return chosen.flatMap((index) => points[index] ?? [])
}

/** All runs of a command, from the calls that it makes. Every other one asks for JSON. */
export const faultsOf = (
  scene: string,
  points: readonly Point[],
  every = true,
): readonly Fault[] => {
  const alike = new Map<string, Point[]>()
  for (const point of points) alike.set(keyOf(point), [...(alike.get(keyOf(point)) ?? []), point])
  const faults = [...alike].flatMap(([key, all]) =>
    (every ? all : spreadOver(all)).flatMap((point, index) =>
      fatesOf(point, key.length + index + 1).map((fate) => ({ point, fate })),
    ),
  )
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
  const byPath = path !== undefined && isLasting(path)
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
