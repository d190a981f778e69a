import { openSync } from 'node:fs'
import t from 'tap'
import { release } from '../../src/kernel/release-descriptor.ts'

t.test('what close(2) answers takes nothing back', async (t) => {
  const descriptor = openSync('/', 'r')
  release(descriptor)
  t.doesNotThrow(() => release(descriptor), 'EBADF')
})
