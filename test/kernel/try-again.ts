import t from 'tap'
import { tryAgain } from '../../src/kernel/try-again.ts'

const failing = (errnos: readonly string[]) => {
  const left = [...errnos]
  let calls = 0
  const act = (): string => {
    calls += 1
    const code = left.shift()
    if (code !== undefined) throw Object.assign(new Error(code), { code })
    return 'read'
  }
  return { act, calls: () => calls }
}

t.test('what is interrupted or finds no room is done again', async (t) => {
  const { act, calls } = failing(['EINTR', 'EAGAIN', 'EINTR'])
  t.equal(tryAgain(act), 'read')
  t.equal(calls(), 4)
})

t.test('it is not done for ever', async (t) => {
  const { act, calls } = failing(Array(20).fill('EAGAIN'))
  t.throws(() => tryAgain(act), { code: 'EAGAIN' })
  t.equal(calls(), 8)
})

t.test('another error is thrown at once', async (t) => {
  const { act, calls } = failing(['EIO'])
  t.throws(() => tryAgain(act), { code: 'EIO' })
  t.equal(calls(), 1)
})

t.test('only what is named is tried again', async (t) => {
  const { act, calls } = failing(['EINTR', 'EAGAIN'])
  t.throws(() => tryAgain(act, ['EINTR']), { code: 'EAGAIN' })
  t.equal(calls(), 2)
})
