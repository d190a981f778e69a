import t from 'tap'
import { programDirectories } from '../../src/kernel/program-directories.ts'

t.test('what the administrator installs comes before what the system has', async (t) => {
  t.strictSame(programDirectories, [
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
  ])
})
