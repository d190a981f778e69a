import { demoteSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { canDemote } from './support/kernels.ts'
import { liveOn, snapshot } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memoryNodes,
  setPool,
  sizeName,
  sizes,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'

const live = liveOn('room')
/** To clear a gibibyte takes an emulated processor five seconds and more: once on each kernel. */
const clearing = liveOn('room', 'one node with memory')

const name = sizeName(smallest)
const node = memoryNodes[0]

/** The smallest size that a gigantic page comes apart into at once: arm64 has pools of less. */
const smallestPart = Math.max(smallest, Math.min(2 ** 21, ...sizes.slice(1)))

/** Tests of splitting; where nothing can be split the same words are exit 4 and change nothing. */
const demoting = (title: string, body: (t: Tap, large: number) => Promise<void>, on = live) =>
  on(title, async (t) => {
    if (canDemote && gigantic !== undefined) return body(t, gigantic)
    const before = snapshot()
    const { status } = await hugepool('demote', `${gigantic ? sizeName(gigantic) : '1G'}=1`)
    t.equal(status, 4, 'nothing can be split on this machine')
    t.strictSame(snapshot(), before)
  })

type Tap = Parameters<Parameters<typeof live>[1]>[0]

demoting('a page is split and both pools are right', async (t, large) => {
  // Before 7.0 small pages of a pool are in the way of large ones.
  setPool(large, 1)
  setPool(smallestPart, 3)
  const words = ['demote', `${sizeName(large)}=1`, '--to', sizeName(smallestPart)]
  const { status, document } = await hugepoolJson(demoteSchema, ...words)
  const gained = large / smallestPart
  t.equal(status, 0, 'is done')
  t.strictSame(countsOf(large), { total: 0, free: 0, reserved: 0, surplus: 0 })
  const pages = 3 + gained
  t.strictSame(countsOf(smallestPart), { total: pages, free: pages, reserved: 0, surplus: 0 })
  t.hasStrict(document.changes, [
    { pageSize: BigInt(large), to: BigInt(smallestPart), requested: 1n, demoted: 1n, before: 1n },
  ])
  t.hasStrict(document.changes[0], { after: 0n, gained: BigInt(gained), outcome: 'done' })
})

demoting('no page is split at once into less than the kernel does at once', async (t, large) => {
  if (smallest === smallestPart) return
  setPool(large, 1)
  const before = snapshot()
  for (const more of [[], ['--dry-run']]) {
    const words = ['demote', `${sizeName(large)}=1`, '--to', name, ...more]
    const { status, err } = await hugepool(...words)
    t.equal(status, 4)
    t.match(err, `${sizeName(large)} pages cannot be split into ${name} pages at once`)
  }
  t.strictSame(snapshot(), before)
})

demoting('a page that is reserved is not split', async (t, large) => {
  setPool(large, 2)
  await hold(large, { pages: 1 })
  const { status, err, out } = await hugepool('demote', `${sizeName(large)}=2`)
  t.equal(status, 64, 'is partial')
  t.match(err, /only 1 of 2 can be split: free pages: 2, reserved in the pool: 1/)
  t.match(out, /partial/)
  t.strictSame(countsOf(large), { total: 1, free: 1, reserved: 1, surplus: 0 }, 'none is lost')
  const none = await hugepool('demote', `${sizeName(large)}=1`)
  t.equal(none.status, 1, 'with none available it is a failure')
  t.match(none.err, /no page of \S+ can be split: free pages: 1, reserved in the pool: 1/)
  const onNode = await hugepool('demote', `${sizeName(large)}=1`, '--node', `${node ?? 0}`)
  t.equal(onNode.status, node === undefined ? 4 : 1, 'on a node too')
  t.strictSame(countsOf(large), { total: 1, free: 1, reserved: 1, surplus: 0 })
})

demoting(
  'the holder of a reserved page can still touch it after a demote',
  async (t, large) => {
    setPool(large, 2)
    const holding = await hold(large, { pages: 1 })
    t.equal((await hugepool('demote', `${sizeName(large)}=max`)).status, 0, 'max splits one')
    await holding.touch()
    t.strictSame(countsOf(large), { total: 1, free: 0, reserved: 0, surplus: 0 })
    const { status, err } = await hugepool('demote', `${sizeName(large)}=1`)
    t.equal(status, 1)
    t.match(err, /no page of \S+ can be split: .*\b1\b/)
  },
  clearing,
)

demoting('with --all-or-nothing either all pages are split or none', async (t, large) => {
  setPool(large, 1)
  const before = snapshot()
  const { status } = await hugepool('demote', `${sizeName(large)}=2`, '--all-or-nothing')
  t.equal(status, 1)
  t.strictSame(snapshot(), before)
})

demoting('a page of a node is split on that node', async (t, large) => {
  setPool(large, 0)
  setPool(smallest, 0)
  // The kernel has one for certain where it had one just now.
  setPool(large, 1, node)
  setPool(large, 0, node)
  const word = `${sizeName(large)}=${node === undefined ? '1' : `${node}:1`}`
  t.equal((await hugepool('resize', word)).status, 0)
  const words = node === undefined ? [] : ['--node', `${node}`]
  const { status, document } = await hugepoolJson(
    demoteSchema,
    ...['demote', `${sizeName(large)}=1`, ...words],
  )
  t.equal(status, 0)
  t.hasStrict(document.changes[0], { ...(node !== undefined && { node }), demoted: 1n, after: 0n })
})

demoting('the lines of a dry run, run by sh, split the page', async (t, large) => {
  setPool(large, 1)
  setPool(smallest, 0)
  const { out } = await hugepool('demote', `${sizeName(large)}=1`, '--dry-run')
  t.equal(countsOf(large).total, 1, 'the dry run did nothing')
  t.equal((await run(['sh', '-euc', out])).status, 0)
  t.equal(countsOf(large).total, 0, 'the lines did')
})

live('the smallest pages cannot be split', async (t) => {
  const before = snapshot()
  const { status, err } = await hugepool('demote', `${name}=1`)
  t.equal(status, 4)
  t.match(err, new RegExp(`${name} pages cannot be split here`))
  t.strictSame(snapshot(), before)
})

demoting('pages are split into smaller ones only', async (t, large) => {
  const before = snapshot()
  const same = await hugepool('demote', `${sizeName(large)}=1`, '--to', sizeName(large))
  t.equal(same.status, 2)
  t.equal((await hugepool('demote', `${sizeName(large)}=1`, '--to', '3G')).status, 4)
  t.strictSame(snapshot(), before)
})
