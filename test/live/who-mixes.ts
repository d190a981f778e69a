import { booksOf, checkBooks, look, onlyHeldBy } from './support/accounts.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { machineName, patience } from './support/needs.ts'
import { type Animal, start } from './support/zoo.ts'
import { numbers, wanted, ways } from './support/zoo-kinds.ts'

const live = liveOn('room', 'processes: holders')
const anywhere = liveOn('room', 'every machine')

/** Two minutes on two quiet processors. */
const longest = 450_000 * patience

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
    const all = await Promise.all(chosen.map(({ way, n }, at) => start(directory, way, n, at)))
    const wantedOfAll = chosen.map(({ way, n }) => wanted(way, n))
    const label = `round ${round}: ${chosen.map(({ way, n }) => `${way} ${n}`).join(', ')}`
    checkBooks(t, (await look()).document, wantedOfAll, label)
    await Promise.all(all.map((one) => one.release()))
    await onlyHeldBy()
  }
})

/** Another one of them may end while the first looks. */
const someEnd = (all: Animal[], random: (below: number) => number): void => {
  for (const one of all.splice(0, 3)) setTimeout(one.kill, random(20))
}

live('holders that end while it looks are no failure, and nothing is below zero', async (t) => {
  setPool(smallest, 256)
  const directory = await mounted()
  const random = numbers(77)
  const all: Animal[] = await Promise.all(
    Array.from({ length: 45 }, (_, at) =>
      start(directory, ways[random(ways.length)] as string, 1 + random(3), at),
    ),
  )
  while (all.length > 0) {
    const looking = look('--all')
    someEnd(all, random)
    const { status, document } = await looking
    t.equal(status, 0)
    const { inUse = -1, explained = -1, unexplained = -1 } = booksOf(document)
    t.equal(explained + unexplained, inUse)
    t.ok([inUse, explained, unexplained].every((count) => count >= 0))
  }
})
