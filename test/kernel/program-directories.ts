import t from 'tap'
import { programDirectories, programEnvironment } from '../../src/kernel/program-directories.ts'

t.test(
  'what the administrator runs comes first, and no local directory is among them',
  async (t) => {
    t.strictSame(programDirectories, ['/usr/sbin', '/usr/bin', '/sbin', '/bin'])
  },
)

t.test('a program gets two variables', async (t) => {
  t.strictSame(programEnvironment, { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' })
})
