import { changeSchema, demoteSchema } from '../../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { gigantic, persistentOf, poolPath, readNumber, smallest } from './machine.ts'
import type { Answer } from './ready-writer.ts'
import {
  add,
  couldHaveDone,
  type Known,
  type Numbers,
  nothing,
  type Update,
} from './update-draws.ts'

const keys = ['small', 'large', 'overcommit'] as const

/** What the kernel says. */
export const numbersNow = (): Numbers => ({
  small: persistentOf(smallest),
  large: gigantic === undefined ? 0 : persistentOf(gigantic),
  overcommit: readNumber(poolPath(smallest, 'nr_overcommit_hugepages')),
})

/** What an update did, and the numbers that were left by it, as it saw them while it had the lock. */
interface Deed {
  readonly done: Numbers
  readonly after: Numbers
}

interface PoolSeen {
  readonly pageSize: bigint
  readonly persistent: bigint
  readonly overcommit?: bigint | undefined
}

const seenIn = (pools: readonly PoolSeen[]): Numbers => {
  const pool = (size: number | undefined) =>
    pools.find(({ pageSize }) => pageSize === BigInt(size ?? 0))
  return {
    small: Number(pool(smallest)?.persistent),
    large: Number(pool(gigantic)?.persistent ?? 0),
    overcommit: Number(pool(smallest)?.overcommit),
  }
}

/**
 * What a document says that was done. That of a part is the difference of what it saw; what is done in
 * full has to be what was asked for.
 */
const deedOf = ({ kind, effect }: Update, { status, out }: Answer): Deed | undefined => {
  if (kind === 'test' || kind === 'mount' || kind === 'umount') return undefined
  const schema = kind === 'demote' ? demoteSchema : changeSchema
  const { changes, pools } = schema.parse(parseExact(out))
  const after = seenIn(pools)
  if (status === 0 || kind === 'shrink') return { done: effect, after }
  const gained = changes.reduce((sum, change) => sum + Number(change.after - change.before), 0)
  const key = kind === 'gigantic' ? 'large' : kind === 'overcommit' ? 'overcommit' : 'small'
  return { done: { ...nothing, [key]: gained }, after }
}

/**
 * What is wrong with the deeds of a time at whose beginning and end nothing was under way. Each was
 * done under the lock and leads from one number to another: one after the other in some order, they
 * have to lead from the first number to the last, so that every number in between is left as often as it is
 * reached. Where one was killed, a single step may be missing. A lost update never adds up to that.
 */
export const brokenChain = (
  key: keyof Numbers,
  deeds: readonly Deed[],
  from: Numbers,
  to: Numbers,
  killed: Numbers,
): string | undefined => {
  const left = new Map<number, number>()
  const count = (number: number, by: number) => left.set(number, (left.get(number) ?? 0) + by)
  for (const { done, after } of deeds) {
    count(after[key] - done[key], 1)
    count(after[key], -1)
  }
  count(from[key], -1)
  count(to[key], 1)
  const odd = [...left].filter(([, times]) => times !== 0)
  if (odd.length === 0) return undefined
  const starts = odd.filter(([, times]) => times < 0)
  const isMissing =
    killed[key] !== 0 &&
    odd.length === 2 &&
    starts.length === 1 &&
    odd.every(([number, times]) =>
      times < 0 ? times === -1 : times === 1 && number - (starts[0]?.[0] ?? 0) === killed[key],
    )
  return isMissing ? undefined : `${key}: ${odd.map((each) => each.join(' left ')).join(', ')}`
}

const minus = (a: Numbers, b: Numbers): Numbers => ({
  small: a.small - b.small,
  large: a.large - b.large,
  overcommit: a.overcommit - b.overcommit,
})

const isSame = (a: Numbers, b: Numbers): boolean => keys.every((key) => a[key] === b[key])

/** A shrink of which pages stay as surplus is a part too: what is persistent is as it was asked for. */
const isDone = ({ kind, inPart }: Update, { status }: Answer): boolean =>
  status === 0 || (status === 64 && (inPart === true || kind === 'shrink'))

const isRefused = ({ refusable }: Update, { status }: Answer): boolean =>
  refusable === true && [1, 2, 64].includes(status)

/** What a killed update comes to, in words. */
const killedWords = ({ kind, effect }: Update, done: Numbers): string => {
  if (isSame(effect, nothing)) return `killed: a ${kind}`
  const howMuch = isSame(done, nothing) ? 'nothing' : isSame(done, effect) ? 'all' : 'a part'
  return `killed: ${kind} that had done ${howMuch}`
}

/** The numbers at the least or at the most, whatever becomes of updates. */
const bound = (from: Numbers, updates: readonly Update[], which: typeof Math.min): Numbers =>
  updates.reduce(
    (sum, { effect }) =>
      add(sum, {
        small: which(0, effect.small),
        large: which(0, effect.large),
        overcommit: which(0, effect.overcommit),
      }),
    from,
  )

/** Keeps account of updates that run at the same time. */
export const updateBooks = () => {
  let numbers = numbersNow()
  let atLook = numbers
  let deeds: Deed[] = []
  const underWay = new Set<Update>()
  const mounts = new Map<string, number>()
  const tally = new Map<string, number>()
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)

  const book = (update: Update, answer: Answer): void => {
    const { kind, held, target = '' } = update
    if (kind === 'mount') mounts.set(target, held)
    if (kind === 'umount') mounts.delete(target)
    const deed = deedOf(update, answer)
    if (deed === undefined) return
    deeds.push(deed)
    numbers = add(numbers, deed.done)
  }

  return {
    mounts,
    tally,
    numbers: () => numbers,
    begin: (update: Update) => underWay.add(update),
    /** Books what an update did that has ended by itself; what is wrong with it. */
    end: (update: Update, answer: Answer): string | undefined => {
      underWay.delete(update)
      const { status, err } = answer
      count(status === 0 ? update.kind : `${update.kind} with exit status ${status}`)
      if (isDone(update, answer)) book(update, answer)
      else if (!isRefused(update, answer)) return `${update.words.join(' ')}: ${status}: ${err}`
      return undefined
    },
    known: (): Known => {
      const pending = [...underWay]
      const ending = new Set(pending.map(({ target }) => target))
      return {
        lowest: bound(numbers, pending, Math.min),
        highest: bound(numbers, pending, Math.max),
        held: [...mounts.values(), ...pending.map(({ held }) => held)].reduce((a, b) => a + b, 0),
        mounts: [...mounts.keys()].filter((target) => !ending.has(target)),
      }
    },
    /**
     * Looks at the machine while nothing runs: what is there is what was booked and what the killed
     * update did, which is booked now and counts as under way until then. Gives everything that is wrong.
     */
    look: (killed?: Update): readonly string[] => {
      const now = numbersNow()
      const done = minus(now, numbers)
      const words = JSON.stringify({ booked: numbers, now, killed: killed?.words })
      const isRight = killed === undefined ? isSame(done, nothing) : couldHaveDone(killed, done)
      const missing = killed === undefined ? nothing : done
      const broken = keys.flatMap((key) => brokenChain(key, deeds, atLook, now, missing) ?? [])
      if (killed !== undefined) count(killedWords(killed, done))
      underWay.clear()
      numbers = now
      atLook = now
      deeds = []
      return [
        ...(isRight ? [] : [`the sums are wrong: ${words}`]),
        ...broken.map((each) => `updates do not follow each other: ${each}: ${words}`),
      ]
    },
  }
}

export type Books = ReturnType<typeof updateBooks>
