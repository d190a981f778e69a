import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import { noting } from '../../../src/operations/doctor/note-errors.ts'

t.test('what cannot be seen is noted once, and what is a fault is thrown', async (t) => {
  const see = noting()
  t.equal(
    see.attempt(() => 5),
    5,
  )
  const hidden = () => {
    throw unsupported('not-shown', 'cannot be seen')
  }
  t.equal(see.attempt(hidden), undefined)
  t.equal(see.attempt(hidden), undefined)
  see.note('nor this')
  t.strictSame(see.unseen(), ['cannot be seen', 'nor this'])
  t.throws(
    () =>
      see.attempt(() => {
        throw new TypeError('a bug')
      }),
    { message: 'a bug' },
  )
})
