import {
  closeSync,
  mkdirSync,
  openSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../../src/kernel/native/native.ts'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { scanKeptMounts } from '../../../../src/kernel/processes/scan/kept-namespaces.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { temporary } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const errnoError = (code: string) => Object.assign(new Error(code), { code })

/** The own process is in `mnt:[1]`, process 7 in `mnt:[2]`. */
const processes = (t: Test): string => {
  const proc = join(temporary(t), 'proc')
  for (const [pid, name] of [
    ['self', 'mnt:[1]'],
    ['7', 'mnt:[2]'],
  ] as const) {
    mkdirSync(join(proc, pid, 'ns'), { recursive: true })
    symlinkSync(name, join(proc, pid, 'ns/mnt'))
  }
  return proc
}

/** A scan for which each namespace has the files below a directory mounted on /there. */
const scanWith = (
  t: Test,
  kept: readonly (readonly [string, string])[],
  eachMountNamespace: Native['eachMountNamespace'] = () => {
    throw errnoError('ENOTTY')
  },
) => {
  const top = temporary(t)
  mkdirSync(join(top, 'there'))
  writeFileSync(join(top, 'there/left'), 'data')
  const device = hexDevice(statSync(top, { bigint: true }).dev)
  const decimal = device.split(':').map((part) => Number.parseInt(part, 16))
  const line = `9 8 ${decimal.join(':')} / /there rw - hugetlbfs none rw,pagesize=2M,min_size=8M\n`
  const looked: string[] = []
  const native = nativeWith({
    eachMountNamespace,
    lookIntoMounts: (space) => {
      looked.push(space)
      if (space === '/gone') throw errnoError('ENOENT')
      return { table: Buffer.from(line), root: openSync(top, 'r') }
    },
  })
  const tree: FakeKernel = Object.create(fakeKernel({ pools: [{ size }] }), {
    root: { value: '/' },
    proc: { value: processes(t) },
  })
  const scan = { ...newScan(tree, undefined), native, kept: new Map(kept) }
  scanKeptMounts(scan)
  return { scan, looked, device, inode: statSync(join(top, 'there/left'), { bigint: true }).ino }
}

t.test('the files of a namespace that no process is in', async (t) => {
  const { scan, looked, device, inode } = scanWith(t, [['mnt:[3]', '/proc/7/fd/4']])
  t.strictSame(looked, ['/proc/7/fd/4'])
  t.strictSame(scan.mounts, [{ device, size, target: '/there', minimum: 4n, isElsewhere: true }])
  const key = `${device}:${inode}`
  t.hasStrict(scan.files.get(key), { key, path: '/there/left', target: '/there', isNamed: true })
  t.notOk('reach' in (scan.files.get(key) ?? {}), 'nothing leads to it any longer')
})

t.test('those with processes are known, others are no mount namespaces, or gone', async (t) => {
  const { scan, looked } = scanWith(t, [
    ['mnt:[1]', '/own'],
    ['mnt:[2]', '/seven'],
    ['ipc:[3]', '/ipc'],
    ['mnt:[4]', '/gone'],
  ])
  t.strictSame(looked, ['/gone'])
  t.strictSame(scan.mounts, [])
})

t.test('a namespace that the kernel lists and a descriptor keeps is looked at once', async (t) => {
  const space = openSync('/proc/self/ns/mnt', 'r')
  t.teardown(() => closeSync(space))
  const name = readlinkSync('/proc/self/ns/mnt')
  const { scan, looked } = scanWith(t, [[name, '/proc/7/fd/4']], (each) => {
    each(space)
    each(space)
  })
  t.strictSame(looked, [`/proc/self/fd/${space}`])
  t.equal(scan.mounts.length, 1)
})
