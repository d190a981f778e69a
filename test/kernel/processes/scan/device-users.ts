import { statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deviceAtPath, usersOfDevice } from '../../../../src/kernel/processes/scan/device-users.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

const zero = { number: statSync('/dev/zero', { bigint: true }).rdev, isBlock: false }

t.test('what is a device', async (t) => {
  t.strictSame(deviceAtPath('/dev/zero'), zero)
  t.equal(deviceAtPath('/dev'), undefined)
  t.equal(deviceAtPath('/proc/self/status'), undefined)
  t.equal(deviceAtPath('/dev/none'), undefined)
})

t.test('who has a device open', async (t) => {
  const { proc, process } = procScan(t)
  process(5, { links: { 'fd/3': '/dev/null', 'fd/4': '/dev/zero' } })
  process(6, { links: { 'fd/3': '/dev/null' } })
  process(7, { links: { 'fd/0': '/proc/self/status' } })
  process(8)
  t.strictSame(usersOfDevice(proc, '/dev/zero', zero), new Set([5]))
  t.strictSame(usersOfDevice(proc, '/dev/zero', { ...zero, isBlock: true }), new Set())
})

t.test('a link to elsewhere is followed for the path that was asked for alone', async (t) => {
  const { proc, process } = procScan(t)
  // Not below /dev, where devices are.
  const elsewhere = join(temporary(t, '/tmp'), 'device')
  symlinkSync('/dev/zero', elsewhere)
  process(5, { links: { 'fd/3': elsewhere } })
  t.strictSame(usersOfDevice(proc, '/dev/zero', zero), new Set())
  t.strictSame(usersOfDevice(proc, elsewhere, zero), new Set([5]))
})
