import { fstatSync, openSync } from 'node:fs'
import t from 'tap'
import { release } from '../../src/kernel/release-descriptor.ts'

t.test('what close(2) answers takes nothing back', async (t) => {
  const descriptor = openSync('/', 'r')
  release(descriptor)
  t.throws(() => fstatSync(descriptor), { code: 'EBADF' }, 'it is closed')
  t.doesNotThrow(() => release(descriptor), 'EBADF')
})
