import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memoryNodes,
  persistentOf,
  setPoolAlone,
  smallest,
} from './support/machine.ts'
import { mountRoom, mountsBelow } from './support/mounts.ts'
import { patience } from './support/needs.ts'
import { hugepool } from './support/program.ts'
import { type Books, updateBooks } from './support/update-books.ts'
import { type Update, unmounting, updateDraws } from './support/update-draws.ts'
import { killAtSomeTime, type Writer, writerFor } from './support/update-writers.ts'
import { settled } from './support/wait.ts'
import { numbers } from './support/zoo-kinds.ts'

const live = liveOn('room', 'processes: updates')

/**
 * Commands in all: HUGEPOOL_UPDATES, in whole hundreds, which the laboratory passes on to its guests. Of
 * more than a thousand each writer is one process (`writerFor`). Those take minutes, for which this file
 * is run by itself, with TAP_TIMEOUT=0.
 */
const commands = Number(process.env.HUGEPOOL_UPDATES ?? 500)
/** What chooses the updates and the moments of death: HUGEPOOL_UPDATES_SEED. */
const seed = Number(process.env.HUGEPOOL_UPDATES_SEED ?? 1)

const writers = 8
/** Of so many commands one is killed. */
const oneOf = 100

interface Run {
  readonly books: Books
  readonly random: (below: number) => number
  readonly room: string
  readonly wrong: string[]
  readonly next: () => Update | undefined
  /** Milliseconds that commands took of late. */
  usual: number
}

const begin = (): Run => {
  const random = numbers(seed)
  const books = updateBooks()
  const room = mountRoom()
  const { draw } = updateDraws(random)
  let mounts = 0
  const freeTarget = () => {
    mounts += 1
    const target = `${room}/${mounts}`
    mkdirSync(target)
    return target
  }
  const next = () => draw(books.known(), freeTarget)
  return { books, random, room, wrong: [], next, usual: 100 }
}

const pens = Array.from({ length: writers }, () => writerFor(commands))

/** Makes one update. Gives it where it was killed, as it is to be if it has not ended before. */
const makeUpdate = async (
  run: Run,
  write: Writer,
  update: Update,
  isVictim: boolean,
): Promise<Update | undefined> => {
  const { books, random, wrong } = run
  books.begin(update)
  const started = performance.now()
  const command = await write(update.words)
  if (isVictim) await killAtSomeTime(command, random, run.usual)
  const answer = await command.answer
  if (answer === undefined) return update
  const complaint = books.end(update, answer)
  if (complaint !== undefined) wrong.push(complaint)
  run.usual = (9 * run.usual + performance.now() - started) / 10
  return undefined
}

/**
 * Has eight writers make so many updates. Where one is to be killed, that is the one with this number;
 * if it has ended before, a later one is. Gives the one that was killed.
 */
const makeUpdates = async (
  run: Run,
  many: number,
  victim?: number,
): Promise<Update | undefined> => {
  let begun = 0
  let killed: Update | undefined
  let isDying = false
  const waiting: (() => void)[] = []
  const isMore = () => begun < many || (victim !== undefined && killed === undefined)
  const one = async (write: Writer, update: Update): Promise<void> => {
    const isVictim = victim !== undefined && begun >= victim && !isDying && killed === undefined
    begun += 1
    isDying ||= isVictim
    const dead = await makeUpdate(run, write, update, isVictim)
    if (isVictim) isDying = false
    killed ??= dead
    for (const go of waiting.splice(0)) go()
  }
  const work = async (write: Writer): Promise<void> => {
    while (isMore()) {
      const update = run.next()
      if (update === undefined) await new Promise<void>((done) => waiting.push(done))
      else await one(write, update)
    }
  }
  await Promise.all(pens.map(work))
  return killed
}

/** What a killed mount or umount had done, by the kernel's list of mounts. */
const bookMount = ({ books }: Run, killed: Update | undefined): void => {
  const { target, held } = killed ?? {}
  if (target === undefined) return
  if (mountsBelow(target).length === 0) books.mounts.delete(target)
  else if (!books.mounts.has(target)) books.mounts.set(target, held ?? 0)
}

/** The reservations, the surplus and the mounts are those that are booked. */
const look = async (t: Test, run: Run, label: string, killed?: Update): Promise<void> => {
  const { books, wrong, room } = run
  bookMount(run, killed)
  wrong.push(...books.look(killed))
  t.strictSame(wrong, [], label)
  const mounted = mountsBelow(room).map((line) => line.split(' ')[4] ?? '')
  t.strictSame(
    mounted.toSorted(),
    [...books.mounts.keys()].toSorted(),
    'the mounts are those that were made',
  )
  const reserved = [...books.mounts.values()].reduce((sum, pages) => sum + pages, 0)
  const now = () => countsOf(smallest).reserved
  t.equal(await settled(now, reserved), reserved, 'the reservations are theirs')
  if (memoryNodes.length > 0)
    t.equal(
      memoryNodes.reduce((sum, node) => sum + persistentOf(smallest, node), 0),
      books.numbers().small,
      'the nodes add up',
    )
}

const unmountAll = async ({ books, wrong }: Run): Promise<void> => {
  for (const target of [...books.mounts.keys()]) {
    const update = unmounting(target)
    books.begin(update)
    const { status, out, err } = await hugepool(...update.words)
    const complaint = books.end(update, { status: status ?? -1, out, err })
    if (complaint !== undefined) wrong.push(complaint)
  }
}

const segments = () => readFileSync('/proc/sysvipc/shm', 'utf8')
const locks = () => (readdirSync('/run').includes('lock') ? readdirSync('/run/lock') : [])

live(
  `${commands} updates by ${writers} writers add up, of each hundred one is killed`,
  async (t) => {
    t.setTimeout(patience * (60_000 + commands * 2000))
    setPoolAlone(smallest, 0)
    if (gigantic !== undefined) setPoolAlone(gigantic, 0)
    const segmentsBefore = segments()
    const run = begin()
    const { books, random } = run
    for (let done = 0; done < commands && t.passing(); done += oneOf) {
      const label = `seed ${seed}, commands from ${done}`
      await makeUpdates(run, oneOf - writers)
      await look(t, run, label)
      const killed = await makeUpdates(run, writers, random(writers))
      await look(t, run, `${label}, one killed: ${killed?.words.join(' ')}`, killed)
    }
    await unmountAll(run)
    const { small } = books.numbers()
    const alone = { total: small, free: small, reserved: 0, surplus: 0 }
    t.strictSame(
      await settled(() => countsOf(smallest), alone),
      alone,
      'nothing is held at the end',
    )
    t.equal(segments(), segmentsBefore, 'no segment is left')
    t.strictSame(
      locks().filter((name) => name.includes('hugepool')),
      ['hugepool.lock'],
    )
    for (const [what, times] of [...books.tally].toSorted()) t.comment(`${times} ${what}`)
    t.comment(`seed ${seed}; at the end ${JSON.stringify(books.numbers())}`)
  },
)
