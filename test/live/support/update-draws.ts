import { gigantic, kernelFrom, memoryNodes, sizeName, smallest } from './machine.ts'
import { machineName } from './needs.ts'

/** The numbers that updates change: persistent pages of two sizes, and overcommit of the smaller. */
export interface Numbers {
  readonly small: number
  readonly large: number
  readonly overcommit: number
}

export const nothing: Numbers = { small: 0, large: 0, overcommit: 0 }

export const add = (a: Numbers, b: Numbers): Numbers => ({
  small: a.small + b.small,
  large: a.large + b.large,
  overcommit: a.overcommit + b.overcommit,
})

type Kind = 'grow' | 'shrink' | 'overcommit' | 'gigantic' | 'demote' | 'test' | 'mount' | 'umount'

/** One command that changes something, or could. */
export interface Update {
  readonly kind: Kind
  readonly words: readonly string[]
  /** What it does where it is done in full. */
  readonly effect: Numbers
  /** Pages that it reserves or touches. */
  readonly held: number
  /** Whether the kernel can have done a part of it when it was killed, or had too little memory. */
  readonly inPart?: true
  /** Whether it can be refused, which changes nothing. */
  readonly refusable?: true
  /** What it mounts or unmounts. */
  readonly target?: string
}

/** What is known of the numbers at a moment at which updates are under way. */
export interface Known {
  readonly lowest: Numbers
  readonly highest: Numbers
  /** Pages that mounts and updates under way may hold. */
  readonly held: number
  /** The mounts that no update under way unmounts. */
  readonly mounts: readonly string[]
}

/**
 * Bytes that all pools together may have: a page of 1G and no other on a real machine. A machine of
 * the laboratory has room for pages of both sizes at once.
 */
const budget = (machineName === undefined ? 1 : 2.25) * 2 ** 30
const room = budget / smallest
const mostGrown = 64
const mostOvercommit = 16
const mostHeld = 4

const small = sizeName(smallest)
const demotes = gigantic !== undefined && kernelFrom('5.16')
const large = sizeName(gigantic ?? 0)
const ratio = (gigantic ?? 0) / smallest

const ways = [
  ['--via', 'anon'],
  ['--via', 'anon', '--populate'],
  ['--via', 'anon', '--noreserve'],
  ['--via', 'memfd'],
  ['--via', 'shm'],
] as const

type Random = (below: number) => number

/** The pages that there can be, in small ones. */
const most = ({ highest, held }: Known): number =>
  highest.small + highest.overcommit + highest.large * ratio + held

const onNode = (random: Random, among: number): readonly string[] =>
  memoryNodes.length > 1 && random(among) === 0
    ? ['--node', `${memoryNodes[random(memoryNodes.length)]}`]
    : []

const grow = (random: Random, known: Known): Update | undefined => {
  const pages = 1 + random(mostGrown)
  if (most(known) + pages > room) return undefined
  const words = ['resize', `${small}=+${pages}`, ...onNode(random, 3)]
  return { kind: 'grow', words, effect: { ...nothing, small: pages }, held: 0, inPart: true }
}

const shrink = (random: Random, { lowest }: Known, all = random(10) === 0): Update | undefined => {
  if (lowest.small < 1) return undefined
  const pages = all ? lowest.small : 1 + random(Math.min(mostGrown, lowest.small))
  const node = all ? [] : onNode(random, 6)
  const words = ['resize', `${small}=-${pages}`, ...node]
  const update = { words, effect: { ...nothing, small: -pages }, held: 0 }
  // A node may have fewer than that.
  return { kind: 'shrink', ...update, ...(node.length > 0 && { refusable: true }) }
}

const overcommit = (random: Random, known: Known): Update | undefined => {
  const pages = 1 + random(4)
  const { lowest, highest } = known
  const isLess = random(2) === 0
  if (isLess ? lowest.overcommit < pages : highest.overcommit + pages > mostOvercommit)
    return undefined
  if (!isLess && most(known) + pages > room) return undefined
  const effect = { ...nothing, overcommit: isLess ? -pages : pages }
  const words = ['overcommit', `${small}=${isLess ? '-' : '+'}${pages}`]
  return { kind: 'overcommit', words, effect, held: 0 }
}

const test = (random: Random): Update => {
  const pages = 1 + random(mostHeld)
  const words = ['test', `${small}=${pages}`, ...(ways[random(ways.length)] ?? [])]
  return { kind: 'test', words, effect: nothing, held: pages, refusable: true }
}

const mount = (random: Random, target: string): Update => {
  const pages = 1 + random(mostHeld)
  const limit = ['--pagesize', small, '--min-size', `${pages * smallest}`]
  const words = ['mount', target, ...limit]
  return { kind: 'mount', words, effect: nothing, held: pages, refusable: true, target }
}

export const unmounting = (target: string): Update => ({
  kind: 'umount',
  words: ['umount', target],
  effect: nothing,
  held: 0,
  target,
})

const demote = ({ lowest }: Known): Update | undefined =>
  lowest.large < 1
    ? undefined
    : {
        kind: 'demote',
        words: ['demote', `${large}=1`],
        effect: { ...nothing, small: ratio, large: -1 },
        held: 0,
      }

/** Makes way for a page of 1G: whatever else there is has to go before, and nothing may come. */
const makeWay = (random: Random, known: Known): Update | undefined => {
  if (known.highest.large > 0) return undefined
  if (most(known) + ratio <= room)
    return {
      kind: 'gigantic',
      words: ['resize', `${large}=+1`],
      effect: { ...nothing, large: 1 },
      held: 0,
      inPart: true,
    }
  const [target] = known.mounts
  if (target !== undefined) return unmounting(target)
  if (known.lowest.small > 0) return shrink(random, known, true)
  const pages = known.lowest.overcommit
  if (pages === 0) return undefined
  const words = ['overcommit', `${small}=-${pages}`]
  return { kind: 'overcommit', words, effect: { ...nothing, overcommit: -pages }, held: 0 }
}

/** Draws updates at random, of those that can be done whatever becomes of those under way. */
export interface Draws {
  /** Undefined where nothing can be begun before something under way has ended. */
  draw(known: Known, freeTarget: () => string): Update | undefined
}

export const updateDraws = (random: Random): Draws => {
  let wantsLarge = false
  const one = (known: Known, freeTarget: () => string): Update | undefined => {
    const dice = random(100)
    if (dice < 30) return grow(random, known)
    if (dice < 56) return shrink(random, known)
    if (dice < 68) return overcommit(random, known)
    if (dice < 80) return test(random)
    if (dice < 90) return known.mounts.length < 4 ? mount(random, freeTarget()) : undefined
    const [target] = known.mounts
    return target === undefined ? undefined : unmounting(target)
  }
  const wayForLarge = (known: Known): Update | undefined => {
    const update = makeWay(random, known)
    if (update?.kind === 'gigantic') wantsLarge = false
    return update
  }
  return {
    draw: (known, freeTarget) => {
      const { lowest, highest } = known
      if (lowest.large > 0 && random(4) === 0) return demote(known)
      wantsLarge ||= demotes && highest.large === 0 && random(60) === 0
      if (wantsLarge) return wayForLarge(known)
      let update: Update | undefined
      for (let tries = 0; tries < 20 && update === undefined; tries += 1)
        update = one(known, freeTarget)
      return update
    },
  }
}

/** Whether a killed update can have done this. */
export const couldHaveDone = ({ effect, inPart }: Update, done: Numbers): boolean => {
  const keys = Object.keys(nothing) as (keyof Numbers)[]
  const isNothing = keys.every((key) => done[key] === 0)
  const isAll = keys.every((key) => done[key] === effect[key])
  const isPart = keys.every((key) => done[key] >= 0 && done[key] <= effect[key])
  return isNothing || isAll || (inPart === true && isPart)
}
