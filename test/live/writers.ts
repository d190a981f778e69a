import { liveOn } from './support/live.ts'
import { persistentOf, setPool, sizeName, smallest } from './support/machine.ts'
import { readyWriter } from './support/ready-writer.ts'

const live = liveOn('room', 'processes: users')
const locking = liveOn('pools that can be set', 'processes: locks')

const rounds = 100

/** A process that runs a command line once for each call, and gives its status. */
const writerOf = async (
  before: readonly string[],
  ...words: readonly string[]
): Promise<() => Promise<string>> => {
  const { run } = await readyWriter(before)
  return async () => String((await run(words))?.status)
}

live(`two writers at once never lose a page, ${rounds} times`, async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${sizeName(smallest)}=+1`, '--json']
  const writers = await Promise.all([writerOf([], ...words), writerOf([], ...words)])
  const statuses: string[] = []
  for (let round = 0; round < rounds; round += 1)
    statuses.push(...(await Promise.all(writers.map((write) => write()))))
  t.strictSame(
    statuses,
    statuses.map(() => '0'),
    'every call is done',
  )
  t.equal(persistentOf(smallest), 2 * rounds, 'and every page is there')
})

/** Mounts of its own, with an empty /run. */
const apart = ['unshare', '-m', 'sh', '-euc', 'mount -t tmpfs none /run\nexec "$@"', 'sh']

locking(`six writers at once add up, three with another /run, ${rounds} times`, async (t) => {
  const words = ['resize', `${sizeName(smallest)}=+3`, '--json']
  const places = [[], apart, [], apart, [], apart]
  const writers = await Promise.all(places.map((place) => writerOf(place, ...words)))
  const totals: number[] = []
  const statuses = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    setPool(smallest, 0)
    for (const status of await Promise.all(writers.map((write) => write()))) statuses.add(status)
    totals.push(persistentOf(smallest))
  }
  t.strictSame(totals, Array(rounds).fill(18))
  t.strictSame([...statuses], ['0'], 'every call is done')
})
