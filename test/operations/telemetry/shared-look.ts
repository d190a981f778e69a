import t from 'tap'
import { sharedLook } from '../../../src/operations/telemetry/shared-look.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'

t.test('one look answers all that ask within its time', async (t) => {
  const { clock, pass } = fakeClock()
  let looks = 0
  const look = sharedLook(clock, 1000, async () => {
    looks += 1
    const mine = looks
    await Promise.resolve()
    pass(5000)
    return mine
  })
  t.strictSame(await Promise.all([look(), look(), look()]), [1, 1, 1], 'also while it goes on')
  pass(999)
  t.equal(await look(), 1)
  pass(1)
  t.strictSame(await Promise.all([look(), look()]), [2, 2])
  t.equal(looks, 2)
})

t.test('one that fails is shared too, and not for longer', async (t) => {
  const { clock, pass } = fakeClock()
  let looks = 0
  const look = sharedLook(clock, 1000, async () => {
    looks += 1
    if (looks === 1) throw new Error('no')
    return looks
  })
  await t.rejects(look(), { message: 'no' })
  pass(500)
  await t.rejects(look(), { message: 'no' })
  pass(500)
  t.equal(await look(), 2)
})
