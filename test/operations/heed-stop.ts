import t from 'tap'
import { heedStop } from '../../src/operations/heed-stop.ts'

t.test('without a signal the wait goes on', async (t) => {
  heedStop({ pending: () => undefined }, 'for nothing')
  t.pass('nothing is thrown')
})

t.test('a signal ends it with what was waited for, and what to do next', async (t) => {
  t.throws(() => heedStop({ pending: () => 'SIGINT' }, "to run 'x'", 'run it again'), {
    code: 'E_KERNEL',
    reason: 'stopped',
    message: "stopped by SIGINT while waiting to run 'x'",
    hint: 'run it again',
    signal: 'SIGINT',
  })
})
