import { rmSync } from 'node:fs'
import type { Test } from 'tap'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { patience } from './support/needs.ts'
import { until, within } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'
import { type Animal, animal, zooLine } from './support/zoo.ts'

const live = liveOn('room', 'processes: holders')
const anywhere = liveOn('room', 'every machine')

const pages = 3
const pool = 128

/** What a holder of N pages comes to: what is in use, explained, pinned and reserved, and its rows. */
interface Expected {
  readonly used: number
  readonly explained?: number
  readonly pinned?: number
  readonly reserved?: number
  /** `KIND PAGES`, one for each row. */
  readonly rows: readonly string[]
  readonly needsFile?: true
}

const held = (n: number, ...rows: readonly string[]): Expected => ({ used: n, rows })

const expected = (n: number): Readonly<Record<string, Expected>> => ({
  private: held(n, `mapping ${n}`),
  shared: held(n, `mapping ${n}`),
  untouched: { used: 0, reserved: n, rows: ['reservation 0'] },
  'untouched-shared': { used: 0, reserved: n, rows: ['reservation 0'] },
  noreserve: held(0),
  memfd: held(n, `mapping ${n}`),
  'memfd-open': held(n, `descriptor ${n}`),
  'memfd-two': held(n, `mapping ${n}`, `mapping ${n}`),
  file: { ...held(n, `mapping ${n}`), needsFile: true },
  'file-private': { ...held(2 * n, `mapping ${2 * n}`), needsFile: true },
  'file-open': { ...held(n, `descriptor ${n}`), needsFile: true },
  'file-left': { ...held(n, `file ${n}`), needsFile: true },
  unlinked: { ...held(n, `descriptor ${n}`), needsFile: true },
  opath: { ...held(n, `descriptor ${n}`), needsFile: true },
  segment: held(n, `mapping ${n}`, `segment ${n}`),
  'segment-left': held(n, `segment ${n}`),
  'segment-untouched': { used: 0, reserved: n, rows: ['segment 0'] },
  fork: held(n + 1, `mapping ${n}`, `mapping ${n}`),
  'fork-only': held(n, `mapping ${n}`, `mapping ${n}`),
  pmd: held(n, `mapping ${n}`, `mapping ${n}`),
  vm: held(n, `mapping ${n}`, `mapping ${n}`),
  thread: held(n, `descriptor ${n}`),
  leaderless: held(n, `mapping ${n}`),
  'in-flight': { used: n, explained: 0, rows: [`unexplained ${n}`] },
  ring: { used: n, explained: 0, pinned: n, rows: ['buffer -', `unexplained ${n}`] },
  pipe: { used: n, explained: 0, pinned: n, rows: [`unexplained ${n}`] },
})

const ways = Object.keys(expected(pages))

const look = async (...words: readonly string[]) => {
  const { status, out, err } = await within(['who', '--json', ...words])
  return { status, err, document: whoSchema.parse(parseExact(out)) }
}

type Document = Awaited<ReturnType<typeof look>>['document']

const booksOf = ({ pools }: Document) => {
  const { inUse, explained, unexplained, pinned, reserved, reservedExplained } =
    pools.find(({ pageSize }) => pageSize === BigInt(smallest)) ?? {}
  const counts = { inUse, explained, unexplained, pinned, reserved, reservedExplained }
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      count === undefined ? [] : [[name, Number(count)] as const],
    ),
  )
}

/** The kernel's count of reservations drops below zero where pages are pinned (6.12 and later). */
const wantedBooks = (all: readonly Expected[]) => {
  const sum = (of: (one: Expected) => number) => all.reduce((total, one) => total + of(one), 0)
  const inUse = sum(({ used }) => used)
  const explained = sum((one) => one.explained ?? one.used)
  const pinned = sum((one) => one.pinned ?? 0)
  const reserved = sum((one) => one.reserved ?? 0)
  return {
    inUse,
    explained,
    unexplained: inUse - explained,
    ...(inUse > explained && { pinned }),
    ...(pinned === 0 && { reserved, reservedExplained: reserved }),
  }
}

const rowsOf = ({ holders }: Document): readonly string[] =>
  holders.map(({ holds, pages: has = '-' }) => `${holds} ${has}`).sort()

const fileFor = (directory: string, way: string, number = 0): { readonly file?: string } =>
  expected(pages)[way]?.needsFile ? { file: `${directory}/${way}-${number}` } : {}

const checkBooks = (t: Test, found: Document, all: readonly Expected[], label: string): void => {
  const wanted = wantedBooks(all)
  const { reserved, reservedExplained, ...counts } = booksOf(found)
  const shown = 'reserved' in wanted ? { ...counts, reserved, reservedExplained } : counts
  t.strictSame(shown, wanted, label)
}

for (const way of ways)
  live(`a holder alone: ${way}`, async (t) => {
    setPool(smallest, pool)
    const directory = await mounted()
    const holder = await animal(way, pages, fileFor(directory, way))
    const wanted = expected(pages)[way] as Expected
    const { status, document } = await look('--all')
    t.equal(status, 0)
    checkBooks(t, document, [wanted], 'the books')
    t.strictSame(rowsOf(document), [...wanted.rows].sort(), 'the rows')
    checkBooks(t, (await look()).document, [wanted], 'the books without --all')
    await holder.release()
  })

/** A small generator of numbers from a seed (mulberry32). */
const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const start = (directory: string, way: string, n: number, number: number) =>
  animal(way, n, fileFor(directory, way, number))

const rounds = Number(process.env.HUGEPOOL_ZOO_ROUNDS ?? Math.ceil(8 / patience))

anywhere('random mixes of 30 holders balance, every time', async (t) => {
  setPool(smallest, 256)
  const directory = await mounted()
  for (let round = 1; round <= rounds; round += 1) {
    const random = numbers(round)
    const chosen = Array.from({ length: 30 }, () => ({
      way: ways[random(ways.length)] as string,
      n: 1 + random(3),
    }))
    const all = await Promise.all(
      chosen.map(({ way, n }, at) => start(directory, way, n, round * 100 + at)),
    )
    const wanted = chosen.map(({ way, n }) => expected(n)[way] as Expected)
    const label = `round ${round}: ${chosen.map(({ way, n }) => `${way} ${n}`).join(', ')}`
    checkBooks(t, (await look()).document, wanted, label)
    await Promise.all(all.map((one) => one.release()))
    const left = chosen.flatMap(
      ({ way }, at) => fileFor(directory, way, round * 100 + at).file ?? [],
    )
    for (const file of left) rmSync(file, { force: true })
    await until('nothing held', async () => booksOf((await look()).document).inUse === 0)
  }
})

live('holders that end while it looks are no failure, and nothing is below zero', async (t) => {
  setPool(smallest, 256)
  const directory = await mounted()
  const random = numbers(77)
  // What a killed holder leaves is removed with the mount; segments would stay.
  const mortal = ways.filter((way) => !way.startsWith('segment'))
  const all: Animal[] = await Promise.all(
    Array.from({ length: 30 }, (_, at) =>
      start(directory, mortal[random(mortal.length)] as string, 1 + random(3), at),
    ),
  )
  while (all.length > 0) {
    const looking = look('--all')
    for (const one of all.splice(0, 3)) setTimeout(one.kill, random(20))
    const { status, document } = await looking
    t.equal(status, 0)
    const { inUse = -1, explained = -1, unexplained = -1 } = booksOf(document)
    t.equal(explained + unexplained, inUse)
  }
})

const spaces: Readonly<Record<string, readonly string[]>> = {
  user: ['unshare', '-U', '-r'],
  mount: ['unshare', '-m'],
  pid: ['unshare', '-p', '-f'],
  ipc: ['unshare', '-i'],
}

for (const [space, by] of Object.entries(spaces))
  live(`holders in a namespace of their own: ${space}`, async (t) => {
    setPool(smallest, pool)
    for (const way of ['private', 'memfd', 'memfd-open', 'fork', 'segment', 'segment-left']) {
      // SHM_HUGETLB takes CAP_IPC_LOCK in the namespace of the machine.
      if (space === 'user' && way.startsWith('segment')) continue
      const holder = await animal(way, pages, { by })
      checkBooks(t, (await look()).document, [expected(pages)[way] as Expected], `${space}: ${way}`)
      await holder.release()
      await until('nothing held', async () => booksOf((await look()).document).inUse === 0)
    }
  })

live('a file on a mount that only another mount namespace has', async (t) => {
  setPool(smallest, pool)
  const directory = temporaryDirectory()
  const mount = `mount -t hugetlbfs -o pagesize=${smallest} none ${directory}`
  const line = zooLine('file-left', pages, `${directory}/f`).join(' ')
  const by = ['unshare', '-m', 'sh', '-c', `${mount}; exec ${line}`, 'sh']
  const holder = await animal('file-left', pages, { by })
  const { document } = await look()
  checkBooks(t, document, [held(pages)], 'it is found')
  t.strictSame(rowsOf(document), [`file ${pages}`])
  await holder.release()
})

live('narrowed to a process, a file, a mount', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(',min_size=16M')
  const one = await animal('file', pages, { file: `${directory}/a` })
  const two = await animal('memfd', pages)
  t.strictSame(rowsOf((await look('--pid', `${two.pid}`)).document), [`mapping ${pages}`])
  const byFile = (await look('--path', `${directory}/a`)).document
  t.strictSame(
    byFile.holders.map(({ pid, name }) => [pid, name]),
    [[one.pid, `${directory}/a`]],
  )
  const byMount = (await look('--mount', directory)).document
  t.strictSame(rowsOf(byMount), [`mapping ${pages}`, 'mount -'])
  t.strictSame(
    byMount.holders.map(({ reserved }) => Number(reserved)),
    [0, (16 * 2 ** 20) / smallest - pages],
  )
})
