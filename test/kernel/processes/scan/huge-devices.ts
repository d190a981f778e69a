import { fstatSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  hexDevice,
  hugeDevices,
  learnInternalDevices,
} from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { temporary } from '../../../helpers/run.ts'
import { G, M } from '../../../helpers/sizes.ts'

t.test('a device as /proc/PID/maps shows it', async (t) => {
  t.strictSame(
    [0x1fn, 0x801n, 0x1002n, 0xabc001den, 0xfff00n, 0xfffff0ffn, 0x100000n].map(hexDevice),
    ['00:1f', '08:01', '10:02', '01:abcde', 'fff:00', 'ff0:fffff', '00:100'],
  )
})

t.test('what is known of devices', async (t) => {
  const devices = hugeDevices()
  const known = () =>
    ['00:10', '00:11', '00:12'].map((one) => [devices.isKnown(one), devices.sizeOf(one)])
  t.strictSame(known(), [
    [false, undefined],
    [false, undefined],
    [false, undefined],
  ])
  devices.learn('00:10', 2n * M)
  devices.learn('00:11', undefined)
  t.strictSame(known(), [
    [true, 2n * M],
    [true, undefined],
    [false, undefined],
  ])
  devices.learn('00:11', G)
  t.equal(devices.sizeOf('00:11'), G)
})

t.test('any device can be one of the kernel, until one of these is known', async (t) => {
  const devices = hugeDevices()
  const may = () => ['00:10', '00:11', '00:12'].map(devices.mayBeInternal)
  devices.learn('00:12', G)
  t.strictSame(may(), [true, true, true])
  devices.learnInternal('00:10', 2n * M)
  t.equal(devices.sizeOf('00:10'), 2n * M)
  t.strictSame(may(), [true, false, false])
  devices.learnInternal('00:11', G)
  t.strictSame(may(), [true, true, false])
  t.ok(devices.areIn('0-1 rw-s 00000000 00:11 5 /x'))
})

t.test('texts with a device of huge pages', async (t) => {
  const devices = hugeDevices()
  const are = (device: string) => devices.areIn(`0-1 rw-s 00000000 ${device} 5 /x\n`)
  t.notOk(are('00:10'))
  devices.learn('00:10', 2n * M)
  devices.learn('00:11', undefined)
  devices.learn('00:12', G)
  t.strictSame(['00:10', '00:11', '00:12', '00:13', '00:100', '100:10'].map(are), [
    true,
    false,
    true,
    false,
    false,
    false,
  ])
})

const descriptorOf = (t: Test): number => openSync(join(temporary(t), 'memfd'), 'w')

t.test('the devices of pages without a mount', async (t) => {
  const devices = hugeDevices()
  const calls: unknown[] = []
  const opened: number[] = []
  const memfd = (...call: readonly unknown[]): number => {
    calls.push(call)
    if (call[1] === 2 ** 30) throw systemError('ENOSYS', 'memfd_create')
    opened.push(descriptorOf(t))
    return opened.at(-1) ?? -1
  }
  learnInternalDevices(devices, { memfd }, [G, 2n * M])
  t.strictSame(calls, [
    ['hugepool', 2 ** 30],
    ['hugepool', 2 ** 21],
  ])
  const device = hexDevice(statSync(temporary(t), { bigint: true }).dev)
  t.equal(devices.sizeOf(device), 2n * M)
  t.notOk(devices.mayBeInternal('00:10'), 'they are those of the kernel')
  t.equal(opened.length, 1)
  for (const descriptor of opened) t.throws(() => fstatSync(descriptor), { code: 'EBADF' })
})

t.test('a lack of descriptors, and a fault, are told', async (t) => {
  for (const error of [systemError('EMFILE', 'memfd_create'), new TypeError('a fault')]) {
    const memfd = () => {
      throw error
    }
    t.throws(() => learnInternalDevices(hugeDevices(), { memfd }, [G]), error)
  }
})
