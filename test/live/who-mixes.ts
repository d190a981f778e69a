import type { Test } from 'tap'
import { booksOf, checkAccount, checkBooks, look, onlyHeldBy } from './support/accounts.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { machineName, patience } from './support/needs.ts'
import { pause } from './support/wait.ts'
import { start, startAll } from './support/zoo.ts'
import { numbers, wanted, ways } from './support/zoo-kinds.ts'

const live = liveOn('room', 'processes: holders')
const anywhere = liveOn('room', 'every machine')

/** Three minutes on two quiet processors. */
const longest = 600_000 * patience

/** Two of these have the same name, and so one row. */
const alike = new Set(['segment-kept', 'minimum', 'mount-nowhere'])

/**
 * Every kind beside every kind, itself too. One of the two stays while the other one changes, so that
 * there are about as many starts as pairs.
 */
const eachPair = async (t: Test, directory: string): Promise<void> => {
  for (const [at, way] of ways.entries()) {
    const stays = await start(directory, way, 2, 0)
    for (const other of ways.slice(at)) {
      const comes = await start(directory, other, 1, 1)
      const { document } = await look('--all')
      const check = way === other && alike.has(way) ? checkBooks : checkAccount
      check(t, document, [wanted(way, 2), wanted(other, 1)], `${way} and ${other}`)
      await comes.release()
      await onlyHeldBy(wanted(way, 2))
    }
    await stays.release()
    await onlyHeldBy()
  }
}

/** Sets that together have all; of two such groups a look sees each pair. */
const groupsOf = <T>(all: readonly T[], groups: number): readonly (readonly T[])[] =>
  Array.from({ length: groups }, (_, first) => all.filter((_, at) => at % groups === first))

/** Fewer kinds at once tell more of what is wrong; only one machine has time for it. */
const groups = process.env.HUGEPOOL_PROCESSES === 'holders' ? 7 : 3

const ones = (some: readonly string[]) => some.map((way) => ({ way, n: 1 }))
const wantedOf = (some: readonly string[]) => some.map((way) => wanted(way, 1))

/**
 * All twos of a few groups, so that each pair is seen in one look at least. Where a look takes a second,
 * that makes a fiftieth of as many looks as there are pairs, or less. One group stays while the other one
 * changes.
 */
const eachTwo = async (t: Test, directory: string): Promise<void> => {
  const all = groupsOf(ways, groups)
  for (const [at, one] of all.slice(0, -1).entries()) {
    const stays = await startAll(directory, ones(one))
    for (const other of all.slice(at + 1)) {
      const come = await startAll(directory, ones(other), one.length)
      const both = [...one, ...other]
      checkAccount(t, (await look('--all')).document, wantedOf(both), both.join(', '))
      await come.release()
      await onlyHeldBy(...wantedOf(one))
    }
    await stays.release()
    await onlyHeldBy()
  }
}

anywhere('every pair of holders', async (t) => {
  t.setTimeout(longest)
  setPool(smallest, 128)
  const directory = await mounted()
  await (machineName === undefined ? eachPair : eachTwo)(t, directory)
})

/** Fifty, of which an emulated machine has time for some. */
const rounds = Number(process.env.HUGEPOOL_ZOO_ROUNDS ?? (machineName === undefined ? 50 : 1))

anywhere('random mixes of 30 holders balance, every time', async (t) => {
  t.setTimeout(longest)
  setPool(smallest, 256)
  const directory = await mounted()
  for (let round = 1; round <= rounds; round += 1) {
    const random = numbers(round)
    const chosen = Array.from({ length: 30 }, () => ({
      way: ways[random(ways.length)] as string,
      n: 1 + random(3),
    }))
    const all = await startAll(directory, chosen)
    const wantedOfAll = chosen.map(({ way, n }) => wanted(way, n))
    const label = `round ${round}: ${chosen.map(({ way, n }) => `${way} ${n}`).join(', ')}`
    checkBooks(t, (await look()).document, wantedOfAll, label)
    await all.release()
    await onlyHeldBy()
  }
})

/** Another one of them may end while the first looks. */
const someEnd = (all: number[], random: (below: number) => number): Promise<unknown> =>
  Promise.all(
    all.splice(0, 3).map(async (pid) => {
      await pause(random(20))
      process.kill(pid, 'SIGKILL')
    }),
  )

live('holders that end while it looks are no failure, and nothing is below zero', async (t) => {
  setPool(smallest, 256)
  const directory = await mounted()
  const random = numbers(77)
  const chosen = Array.from({ length: 45 }, () => ({
    way: ways[random(ways.length)] as string,
    n: 1 + random(3),
  }))
  const herd = await startAll(directory, chosen)
  const all = [...herd.pids]
  while (all.length > 0) {
    const looking = look('--all')
    await someEnd(all, random)
    const { status, document } = await looking
    t.equal(status, 0)
    const { inUse = -1, explained = -1, unexplained = -1 } = booksOf(document)
    t.equal(explained + unexplained, inUse)
    t.ok([inUse, explained, unexplained].every((count) => count >= 0))
  }
  // A pool that shrinks while pages come back keeps some of them as free surplus, on 6.18.
  await herd.release()
  await onlyHeldBy()
})
