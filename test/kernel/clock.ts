import t from 'tap'
import { systemClock } from '../../src/kernel/clock.ts'

t.test('a pause takes as long as it says', async (t) => {
  const started = systemClock.clock()
  await systemClock.pause(20)
  // Timers of Node count whole milliseconds.
  t.ok(systemClock.clock() - started >= 19)
})

t.test('a pause of nothing is one turn of the event loop', async (t) => {
  const order: string[] = []
  setImmediate(() => order.push('before'))
  const paused = systemClock.pause(0).then(() => order.push('paused'))
  await null
  t.strictSame(order, [])
  await paused
  t.strictSame(order, ['before', 'paused'])
})

t.test('the time of day is that of the machine', async (t) => {
  t.equal(systemClock.now, Date.now)
})
