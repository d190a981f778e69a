import t from 'tap'
import { passedSocket } from '../../../src/model/telemetry/passed-socket.ts'

t.test('one that was passed to this process', async (t) => {
  t.equal(passedSocket({ LISTEN_FDS: '1', LISTEN_PID: '7' }, 7), 3)
})

t.test('none, or what is meant for another process', async (t) => {
  t.equal(passedSocket({}, 7), undefined)
  t.equal(passedSocket({ LISTEN_PID: '7' }, 7), undefined)
  t.equal(passedSocket({ LISTEN_FDS: '1' }, 7), undefined)
  t.equal(passedSocket({ LISTEN_FDS: '2', LISTEN_PID: '8' }, 7), undefined)
})

t.test('several', async (t) => {
  for (const count of ['2', '0', ''])
    t.throws(() => passedSocket({ LISTEN_FDS: count, LISTEN_PID: '7' }, 7), {
      code: 'E_REFUSED',
      reason: 'wrong-words',
      message: `LISTEN_FDS=${count}: one socket can be listened on`,
    })
})
