import { openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hexDevice } from '../../../../src/kernel/processes/scan/huge-devices.ts'
import { newScan, scanRecorded } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { emptyScan } from '../../../helpers/found-pages.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'
import { G, M } from '../../../helpers/sizes.ts'

const passwd = lines('zoe:x:1000:1000::/:')
const status = lines('Name:\tzoo', 'PPid:\t1', 'Uid:\t1000\t1000\t1000\t1000')
const zoo = { parent: 1, uid: 1000, user: 'zoe', command: 'zoo' }

const recorded = (): FakeKernel => {
  const kernel = fakeKernel({
    nodes: [{ id: 3, memory: G }],
    pools: [{ size: G }, { size: 2n * M }],
    basePage: 65536n,
  })
  kernel.extra.set('/etc/passwd', passwd)
  return kernel
}

const nothing = {
  ...emptyScan,
  targets: new Set(),
  walked: new Set(),
  ipcNamespaces: new Map(),
  unread: new Map(),
  unasked: new Map(),
  doubtful: [],
  isCautious: false,
  opaque: [],
}

t.test('a scan of a recorded machine', async (t) => {
  const kernel = recorded()
  kernel.extra.set('/proc/self/status', lines('Pid:\t4242'))
  kernel.extra.set('/proc/7/status', status)
  const { devices, nodes, who, userOf, namespaces: _, ...rest } = newScan(kernel, nativeWith({}))
  t.hasStrict(rest, {
    tree: kernel,
    proc: '/fake/proc',
    sizes: [2n * M, G],
    basePage: 65536n,
    ownPid: undefined,
    ...nothing,
  })
  t.equal(nodes.only, 3)
  t.equal(userOf(1000), 'zoe')
  t.strictSame(who('7'), { pid: 7, ...zoo })
  t.notOk(devices.areIn('0-1 rw-s 00000000 00:10 5 /x'))
})

t.test('a scan of the running machine', async (t) => {
  const top = temporary(t)
  const native = nativeWith({ memfd: () => openSync(join(top, 'memfd'), 'w') })
  const { scan, proc, kernel, process } = procScan(t, native)
  kernel.extra.set('/proc/self/status', lines('Pid:\t4242'))
  kernel.extra.set('/etc/passwd', passwd)
  process(7, { texts: { status } })
  const { devices, tree, nodes, who, userOf, namespaces: _, ...rest } = newScan(scan.tree, native)
  t.hasStrict(rest, {
    proc,
    sizes: [2n * M, G],
    basePage: 4096n,
    native,
    ownPid: 4242,
    ...nothing,
  })
  t.equal(tree, scan.tree)
  t.equal(nodes.only, 0)
  t.equal(userOf(1000), 'zoe')
  t.strictSame(who('7'), { pid: 7, ...zoo })
  t.ok(devices.isKnown(hexDevice(statSync(top, { bigint: true }).dev)))
})

t.test('the running machine without the addon', async (t) => {
  const { scan } = procScan(t)
  t.notOk('native' in scan)
  t.equal(scan.proc, scan.tree.proc)
})

t.test('what a recording tells of its processes', async (t) => {
  const kernel = recorded()
  const huge = (kilobytes: number) => `${status}${lines(`HugetlbPages:\t${kilobytes} kB`)}`
  kernel.extra.set('/proc/7/status', huge(2048))
  kernel.extra.set('/proc/8/status', huge(0))
  kernel.extra.set('/proc/9/status', status)
  kernel.extra.set('/proc/10/status', huge(4096))
  kernel.extra.set('/proc/11/comm', lines('zoo'))
  const scan = newScan(kernel, undefined)
  scanRecorded(scan)
  t.strictSame(
    [...scan.unseen],
    [
      [7, { process: { pid: 7, ...zoo }, bytes: 2n * M }],
      [10, { process: { pid: 10, ...zoo }, bytes: 4n * M }],
    ],
  )
})

t.test('a recording without processes', async (t) => {
  const scan = newScan(recorded(), undefined)
  scanRecorded(scan)
  t.strictSame(scan.unseen, new Map())
})
