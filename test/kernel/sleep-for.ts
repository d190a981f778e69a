import t from 'tap'
import { sleepFor } from '../../src/kernel/sleep-for.ts'

t.test('the process is held up for the time', async (t) => {
  const began = performance.now()
  sleepFor(30)
  const lasted = performance.now() - began
  // The clocks of the two need not agree to the millisecond.
  t.ok(lasted >= 29, `${lasted} ms`)
})
