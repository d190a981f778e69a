import { statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { statusAsKnown } from '../../../../src/kernel/processes/scan/status-as-known.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { temporary } from '../../../helpers/run.ts'

const without = newScan(fakeKernel(), undefined)

const withNative = (statAsKnown: ReturnType<typeof nativeWith>['statAsKnown']) => ({
  ...without,
  native: nativeWith({ statAsKnown }),
})

t.test('without the addon a link is followed as by stat(2)', async (t) => {
  const top = temporary(t)
  writeFileSync(join(top, 'file'), 'text')
  symlinkSync('file', join(top, 'link'))
  symlinkSync('nowhere', join(top, 'dangling'))
  const { ino, size } = statSync(join(top, 'file'), { bigint: true })
  const seen = statusAsKnown(without, join(top, 'link'))
  t.strictSame([seen?.ino, seen?.size], [ino, size])
  t.equal(statusAsKnown(without, join(top, 'dangling')), undefined)
})

t.test('the addon alone is asked where it is there: its call asks no server', async (t) => {
  const asked: string[] = []
  const known = statSync('/', { bigint: true })
  const scan = withNative((path) => {
    asked.push(path)
    return known
  })
  t.equal(statusAsKnown(scan, '/no/such/file'), known)
  t.strictSame(asked, ['/no/such/file'])
})

t.test('what cannot be seen is undefined, but a lack of memory is an error', async (t) => {
  const failing = (code: 'EACCES' | 'ENOENT' | 'ENOMEM') =>
    withNative(() => {
      throw systemError(code, 'statx')
    })
  t.equal(statusAsKnown(failing('EACCES'), '/'), undefined)
  t.equal(statusAsKnown(failing('ENOENT'), '/'), undefined)
  t.throws(() => statusAsKnown(failing('ENOMEM'), '/'), { code: 'ENOMEM' })
})
