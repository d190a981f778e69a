import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { load, type Pinning, pin, type Seen, unload, unpin } from './support/drivers.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import { countsOf, memoryNodes, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'

const live = liveOn('modules', 'pools that can be set')
const onNodes = liveOn('modules', 'pools that can be set', 'two nodes with memory')

const name = sizeName(smallest)
const pool = 8
const device = '/dev/hpage_map'
const allFree = { total: pool, free: pool, reserved: 0, surplus: 0 }
const without = (pages: number) => ({ ...allFree, free: pool - pages })

const tested = (...words: readonly string[]) => hugepoolJson(testSchema, 'test', ...words)

/** Of the pages in use, those that have a holder, and of the others those known to be pinned. */
interface Account {
  readonly explained?: number
  readonly pinned?: number
}

/** Who holds pages, as hugepool says it; the rest is what a driver may have. */
const accounted = async (t: Test, held: number, account: Account = {}) => {
  const { explained = 0, pinned = 0 } = account
  const rest = held - explained
  const { document: list } = await hugepoolJson(listSchema, 'list', name)
  const [{ inUse, free, available } = {}] = list.pools
  const left = BigInt(pool - held)
  t.strictSame({ inUse, free, available }, { inUse: BigInt(held), free: left, available: left })
  const { document, err } = await hugepoolJson(whoSchema, 'who', name)
  const [books] = document.pools
  t.hasStrict(books, {
    inUse: BigInt(held),
    explained: BigInt(explained),
    unexplained: BigInt(rest),
  })
  t.equal(books?.pinned ?? 0n, BigInt(pinned))
  const rows = document.holders.filter(({ holds }) => holds === 'unexplained')
  t.strictSame(
    rows.map(({ pages }) => pages),
    rest === 0 ? [] : [BigInt(rest)],
  )
  t.match(err, saidOf(held, rest, pinned))
  return document.holders.filter(({ holds }) => holds !== 'unexplained')
}

/** The sentence of the account. */
const saidOf = (held: number, rest: number, pinned: number): string => {
  if (held === 0) return `${name}: no page is in use`
  if (rest === 0) return `${name}: all ${held} pages in use are explained`
  const pages = `${name}: ${held - rest} of ${held} pages in use are explained; ${rest} are not: `
  return pinned === rest
    ? `${pages}pinned, mapped by nobody: a driver or a pinned buffer has them until it lets go`
    : `${pages}a driver, a pinned buffer or a descriptor in flight may hold them`
}

/** A pool of which a driver has four pages. */
const withDriver = async (): Promise<void> => {
  setPoolAlone(smallest, pool)
  await load('hpage_map', 'pages=4')
}

live('the pages of a driver are touched, verified and unmapped', async (t) => {
  await withDriver()
  for (const words of [[], ['--threads', '2', '--steps'], ['--populate'], ['--noreserve']]) {
    const { status, err, document } = await tested(
      `${name}=4`,
      ...['--path', device, '--verify', ...words],
    )
    t.equal(status, 0, words.join(' '))
    t.hasStrict(document, { outcome: 'done', verified: 4n, touch: { pages: 4n } })
    t.notOk(
      document.steps.some(({ free }) => free !== 4n),
      'the pool has nothing to do with it',
    )
    t.match(err, `touched the device at 4 places, one in each ${name}\n`)
    t.strictSame(countsOf(smallest), without(4))
  }
  await unload('hpage_map')
  t.strictSame(countsOf(smallest), allFree)
})

live('private copies of the pages of a driver come from the pool', async (t) => {
  await withDriver()
  const words = [`${name}=3`, '--path', device, '--private', '--verify']
  const { status, document } = await tested(...words)
  t.equal(status, 0)
  t.equal(document.verified, 3n)
  const said = new Map(document.steps.map(({ step, free, what }) => [step, { free, what }]))
  t.strictSame(said.get('map'), { free: 4n, what: 'reserved 3 of 4 available' })
  t.strictSame(said.get('touch'), {
    free: 1n,
    what: 'touched at 3 places: 3 pages faulted in from the pool',
  })
  t.strictSame(countsOf(smallest), without(4))
})

live('a mapping that a driver refuses is its refusal', async (t) => {
  await withDriver()
  const longer = await hugepool('test', `${name}=5`, '--path', device)
  t.equal(longer.status, 4)
  t.match(
    longer.err,
    `the driver of ${device} refuses to map 5 pages of ${name} (EINVAL)\nhint: the memory of the device`,
  )
  t.strictSame(countsOf(smallest), without(4))
})

live('a driver that does not get its pages keeps none', async (t) => {
  setPoolAlone(smallest, pool)
  await t.rejects(load('hpage_map', `pages=${pool + 1}`), /No space left/)
  t.strictSame(countsOf(smallest), allFree)
})

live('pages that a driver keeps are in use, whether or not somebody maps them', async (t) => {
  await withDriver()
  await load('hpage_pin')
  t.strictSame(await accounted(t, 4), [])
  const mapping = await pin(smallest, 4, device)
  t.hasStrict(await accounted(t, 4, { explained: 4 }), [
    { pid: mapping.pid, command: 'pinner', holds: 'mapping', pages: 4n, shared: true },
  ])
  await mapping.end()
  await unpin()
  await accounted(t, 4)
  const { status, err } = await hugepool('resize', `${name}=2`)
  t.equal(status, 64)
  t.match(err, `${name}: 2 pages are still in use and became surplus`)
  t.strictSame(countsOf(smallest), { total: 4, free: 0, reserved: 0, surplus: 2 })
  await unload('hpage_map')
  t.strictSame(countsOf(smallest), { total: 2, free: 2, reserved: 0, surplus: 0 })
})

/** Compares what hugepool says of the frames of a file or device with what a driver saw of them. */
const sameFrames = async (t: Test, path: string, { frames, runs }: Seen): Promise<void> => {
  const words = [`${name}=${frames.length}`, '--path', path, '--frames']
  const { status, document } = await tested(...words)
  t.equal(status, 0)
  t.strictSame(
    document.frames?.map(({ pfn }) => pfn),
    frames.map(BigInt),
  )
  t.equal(document.contiguousRuns?.length, runs)
}

live('test --frames agrees with a driver: pages of a driver', async (t) => {
  await withDriver()
  await load('hpage_pin')
  const { seen } = await pin(smallest, 4, device)
  await sameFrames(t, device, seen)
})

/** A file of so many pages that has none of them yet. */
const emptyFile = async (pages: number): Promise<string> => {
  const path = `${await mounted()}/file`
  writeFileSync(path, '')
  truncateSync(path, pages * smallest)
  return path
}

onNodes('test --frames agrees with a driver: a file on two nodes', async (t) => {
  setPoolAlone(smallest, pool)
  await load('hpage_pin')
  const path = await emptyFile(4)
  // Of two pages side by side no two are on one node, and so none follows another.
  const policy = `interleave:${memoryNodes.join(',')}`
  const spread = ['--path', path, '--mempolicy', policy, '--threads', '1']
  t.equal((await hugepool('test', `${name}=4`, ...spread)).status, 0)
  const { seen } = await pin(smallest, 4, path)
  t.equal(seen.runs, 4)
  await sameFrames(t, path, seen)
})

/** What is said of three pinned pages that nobody has mapped: those of a file are pages of the file. */
const accounts = { anon: { pinned: 3 }, memfd: {}, file: { explained: 3 } } as const

/** Has three pages pinned, of private memory, a memfd, or a file, all of whose users go then. */
const left = async (t: Test, what: 'anon' | 'memfd' | 'file'): Promise<Pinning> => {
  const path = what === 'file' ? await emptyFile(3) : what
  const pinning = await pin(smallest, 3, path)
  t.equal(new Set(pinning.seen.frames).size, 3)
  t.strictSame(countsOf(smallest), without(3))
  await pinning.unmap()
  await accounted(t, 3, accounts[what])
  await pinning.end()
  if (what === 'file') rmSync(path)
  return pinning
}

for (const what of ['anon', 'memfd', 'file'] as const)
  live(
    `pages that a driver pins stay after munmap and exit, until it lets go: ${what}`,
    async (t) => {
      setPoolAlone(smallest, pool)
      await load('hpage_pin')
      const { seen } = await left(t, what)
      const lowered = what === 'anon' && kernelHas('pinnedPagesLowerReserved')
      t.strictSame(countsOf(smallest), { ...without(3), reserved: lowered ? -3 : 0 })
      t.strictSame(await accounted(t, 3, what === 'anon' ? accounts.anon : {}), [])
      const { status, err } = await hugepool('test', `${name}=6`)
      t.equal(status, 1)
      t.match(err, '5 available: 1 missing')
      t.equal((await tested(`${name}=5`)).document.outcome, 'done', 'the others can be had')
      t.not((await run(['rmmod', 'hpage_pin'])).status, 0, 'the driver cannot go before')
      await unpin(seen.id)
      t.strictSame(countsOf(smallest), allFree)
      await t.rejects(unpin(seen.id), /No such file/, 'it lets go once')
      await accounted(t, 0)
    },
  )

live('a driver lets go of one buffer, and another one stays', async (t) => {
  setPoolAlone(smallest, pool)
  await load('hpage_pin')
  const first = await left(t, 'memfd')
  const second = await pin(smallest, 2, 'memfd')
  await second.end()
  t.strictSame(countsOf(smallest), without(5))
  await unpin(first.seen.id)
  t.strictSame(countsOf(smallest), without(2))
  await unpin(second.seen.id)
  t.strictSame(countsOf(smallest), allFree)
})

live('the kernel complains of nothing since the drivers were loaded', async (t) => {
  await load('hpage_pin')
  const { out } = await run(['dmesg'])
  const since = out.slice(out.search(/hpage_(map|pin): /))
  t.match(since, 'out-of-tree module', 'what it says of such modules is there')
  t.notMatch(since, /WARNING|BUG|Oops|cut here/)
})
