import { statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { locateHugeFile } from '../../../../src/kernel/processes/scan/locate-huge-file.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

t.test('a file and a directory of a hugetlbfs', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { a: '' } })
  const asked: string[] = []
  const at = (path: string) =>
    locateHugeFile(path, (one) => {
      asked.push(one)
      return {}
    })
  for (const path of [top, join(top, 'a')]) {
    const { dev, ino } = statSync(path, { bigint: true })
    t.strictSame(at(path), { device: hexDevice(dev), inode: ino })
  }
  t.strictSame(asked, [top, join(top, 'a')])
})

t.test('another file system', async (t) => {
  const top = temporary(t)
  t.throws(() => locateHugeFile(top), {
    code: 'E_USAGE',
    reason: 'wrong-file',
    message: `${top}: it is not on a hugetlbfs`,
  })
})

t.test('no file', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { a: '' } })
  symlinkSync('loop', join(top, 'loop'))
  const words = {
    none: 'no such file or directory',
    'a/below': 'its path leads through what is not a directory',
    loop: 'symbolic links that lead in a circle',
  }
  for (const [name, what] of Object.entries(words))
    for (const systemAt of [undefined, () => ({})])
      t.throws(() => locateHugeFile(join(top, name), systemAt), {
        code: 'E_USAGE',
        message: `${join(top, name)}: ${what}`,
      })
})

t.test('a file that may not be looked at, and a fault', async (t) => {
  const throwing = (error: Error) => () => {
    throw error
  }
  t.throws(() => locateHugeFile('/x', throwing(systemError('EACCES', 'statfs', '/x'))), {
    code: 'E_PERMISSION',
    message: '/x: permission denied',
  })
  const fault = new TypeError('a fault')
  t.throws(() => locateHugeFile('/x', throwing(fault)), fault)
})
