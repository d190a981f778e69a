import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { atOnce, listByProcess } from './support/at-once.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  memoryNodes,
  persistentOf,
  poolPath,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool, type Running, until } from './support/program.ts'
import { startSlowly } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: signals')

const name = sizeName(smallest)
const path = poolPath(smallest, 'nr_hugepages')

/**
 * The first write of a growth is 256 MiB, and one that takes so long is followed by one of half as
 * many pages: this is far more writes than can pass while a machine stalls, and never reached here.
 */
const requested = (640 * 2 ** 20) / smallest
const delay = 600

/** A growth of which the first pages are there and the next write is under way. */
const midway = async (...words: string[]): Promise<Running> => {
  setPool(smallest, 0)
  const growth = startSlowly(path, delay, ['resize', `${name}=${requested}`, ...words])
  await until('the first pages', () => persistentOf(smallest) > 0)
  return growth
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  live(`${signal} in the middle of a growth stops it and keeps what there is`, async (t) => {
    const stopped = async () => {
      const growth = await midway()
      const sent = performance.now()
      growth.child.kill(signal)
      const { signal: died, out } = await growth.result
      const took = performance.now() - sent
      t.equal(died, signal, 'ends by the signal')
      const pages = persistentOf(smallest)
      t.ok(pages > 0 && pages < requested, `keeps ${pages} of ${requested} pages`)
      const line = new RegExp(
        `^${name} +all +0 +${requested} +${pages} +${requested - pages} +partial`,
      )
      t.match(out.split('\n')[1] ?? '', line, 'reports them')
      return took
    }
    const { isAtOnce, words } = await atOnce(listByProcess, stopped, delay)
    t.ok(isAtOnce, `stops after the write that is under way: ${words}`)
    t.equal((await hugepool('resize', `${name}=4`, '--no-wait')).status, 0, 'the lock is free')
  })

live('an interrupted growth is a document too', async (t) => {
  const growth = await midway('--json')
  growth.child.kill('SIGINT')
  const { signal, out } = await growth.result
  t.equal(signal, 'SIGINT')
  const document = changeSchema.parse(parseExact(out))
  t.equal(document.outcome, 'partial')
  t.hasStrict(document.changes[0], { before: 0n, after: BigInt(persistentOf(smallest)) })
})

live('Ctrl-C with --all-or-nothing puts the pool back and ends by the signal', async (t) => {
  const growth = await midway('--all-or-nothing')
  growth.child.kill('SIGINT')
  const { signal, err } = await growth.result
  t.equal(signal, 'SIGINT')
  t.match(err, new RegExp(`put back as before: ${name}`))
  t.equal(persistentOf(smallest), 0)
})

live('kill -9 in the middle of a growth leaves consistent pools and no lock', async (t) => {
  const growth = await midway()
  growth.child.kill('SIGKILL')
  t.equal((await growth.result).signal, 'SIGKILL')
  const { total, free, reserved, surplus } = countsOf(smallest)
  t.ok(total > 0 && total < requested, `${total} pages are there`)
  t.strictSame({ free, reserved, surplus }, { free: total, reserved: 0, surplus: 0 })
  if (memoryNodes.length > 0) {
    const onNodes = memoryNodes.map((node) => persistentOf(smallest, node))
    t.equal(
      onNodes.reduce((sum, pages) => sum + pages),
      total,
      'as many as on the nodes',
    )
  }
  const { status, err } = await hugepool('resize', `${name}=+1`, '--no-wait')
  t.strictSame({ status, err }, { status: 0, err: '' }, 'the lock is free')
  t.equal(persistentOf(smallest), total + 1)
})
