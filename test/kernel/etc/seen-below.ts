import t from 'tap'
import { type HugepoolError, refused } from '../../../src/errors.ts'
import { seenBelow } from '../../../src/kernel/etc/seen-below.ts'

t.test('a file is named as the machine below the root has it', async (t) => {
  const error = refused('wrong-file', '/srv/image/etc/a is not a regular file', 'look')
  for (const root of ['/srv/image', '/srv/image/']) {
    const { code, reason, message, hint } = seenBelow(root, error) as HugepoolError
    t.strictSame(
      [code, reason, message, hint],
      ['E_REFUSED', 'wrong-file', '/etc/a is not a regular file', 'look'],
    )
  }
})

t.test('everything else stays what it is', async (t) => {
  const error = refused('wrong-file', '/srv/image/etc/a is not a regular file')
  for (const root of ['/', '/srv/im', '/etc', '/srv/image/etc/a is not'])
    t.equal(seenBelow(root, error), error, root)
  const other = new TypeError('/srv/image/x')
  t.equal(seenBelow('/srv/image', other), other)
})
