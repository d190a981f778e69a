import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setOvercommit, setPool, sizeName, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('room')

const name = sizeName(smallest)

const start = async (touch: number): Promise<void> => {
  setOvercommit(smallest, 0)
  setPool(smallest, 6)
  await hold(smallest, { pages: 4, touch })
}

live('a shrink below what is in use turns the rest into surplus', async (t) => {
  await start(4)
  const { status, err, out } = await hugepool('resize', `${name}=1`)
  t.equal(status, 64, 'is partial')
  const words =
    '3 pages are still in use and became surplus: they leave the pool when they are freed'
  const before =
    '3 pages are in use: as surplus they leave the pool when they are freed, and a program that ends cannot get them again'
  t.ok(err.startsWith(`hugepool: note: ${name}: ${before}\nhugepool: ${name}: ${words}\n`), err)
  t.match(err, /^hint: \S+: process \d+ \(holder\) has 4 pages mapped$/m)
  t.match(out, /partial/, 'the table says so too')
  t.strictSame(countsOf(smallest), { total: 4, free: 0, reserved: 0, surplus: 3 })
})

live('reserved pages are kept as well', async (t) => {
  await start(1)
  const { status, err } = await hugepool('resize', `${name}=3`)
  t.equal(status, 64, 'is partial')
  t.match(
    err,
    /1 page is still in use or reserved and became surplus: it leaves the pool when it is freed/,
  )
  t.strictSame(countsOf(smallest), { total: 4, free: 3, reserved: 3, surplus: 1 })
})

live('a growth turns surplus into persistent pages first', async (t) => {
  await start(4)
  await hugepool('resize', `${name}=1`)
  const some = await hugepoolJson(changeSchema, 'resize', `${name}=+2`)
  t.equal(some.status, 64, 'one page is there that was not asked for')
  t.match(some.document.changes[0], { before: 1n, requested: 3n, after: 3n })
  t.strictSame(countsOf(smallest), { total: 4, free: 0, reserved: 0, surplus: 1 })
  t.equal((await hugepool('resize', `${name}=6`)).status, 0, 'is done')
  t.strictSame(countsOf(smallest), { total: 6, free: 2, reserved: 0, surplus: 0 })
})

live('the document of a shrink says how many became surplus', async (t) => {
  await start(4)
  const { status, document } = await hugepoolJson(changeSchema, 'resize', `${name}=0`)
  t.equal(status, 64)
  t.equal(document.outcome, 'partial')
  t.match(document.changes[0], { before: 6n, requested: 0n, after: 0n, becameSurplus: 4n })
  const pool = document.pools.find(({ pageSize }) => pageSize === BigInt(smallest))
  t.match(pool, { total: 4n, persistent: 0n, free: 0n, inUse: 4n, surplus: 4n })
})

live('with --all-or-nothing a shrink that must fall short is not begun', async (t) => {
  await start(4)
  const before = countsOf(smallest)
  const { status, out, err } = await hugepool('resize', `${name}=1`, '--all-or-nothing')
  t.equal(status, 1, 'is a failure')
  t.equal(out, '', 'with no table')
  t.match(err, /3 pages are in use, so it cannot shrink to 1; nothing was changed$/m, 'says why')
  t.match(err, /^hint: \S+: process \d+ \(holder\) has 4 pages mapped$/m, 'says who')
  t.strictSame(countsOf(smallest), before, 'everything is as before')
})

live('surplus pages go when their user ends', async (t) => {
  setOvercommit(smallest, 0)
  setPool(smallest, 3)
  const holding = await hold(smallest, { pages: 3, touch: 3 })
  t.equal((await hugepool('resize', `${name}=0`)).status, 64)
  const again = await hugepool('resize', `${name}=0`)
  t.equal(again.status, 64, 'and again, for as long as they are there')
  t.match(again.err, /3 pages are still in use and became surplus: they leave the pool/)
  setOvercommit(smallest, 3)
  const allowed = await hugepool('resize', `${name}=0`)
  t.equal(allowed.status, 0, 'what overcommit allows has come')
  t.match(allowed.err, /became surplus, which overcommit allows: they leave/)
  setOvercommit(smallest, 0)
  await holding.release()
  t.strictSame(countsOf(smallest), { total: 0, free: 0, reserved: 0, surplus: 0 })
  t.equal((await hugepool('resize', `${name}=0`)).status, 0, 'then nothing is left to do')
})
