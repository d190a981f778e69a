import t from 'tap'
import { readIdentity, readRootCapabilities } from '../../../src/kernel/processes/read-identity.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'

t.test('who a process is', async (t) => {
  const kernel = fakeKernel()
  t.equal(readIdentity(kernel, '7'), undefined)
  kernel.extra.set(
    '/proc/7/status',
    'Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \nCapEff:\t0000000000004000\n',
  )
  t.strictSame(readIdentity(kernel, '7'), {
    user: 2n,
    group: 6n,
    groups: [9n, 10n],
    capabilities: 0x4000n,
    ofMachine: true,
  })
})

t.test('what root gets here', async (t) => {
  const kernel = fakeKernel()
  t.equal(readRootCapabilities(kernel), 0n)
  kernel.extra.set('/proc/self/status', 'CapBnd:\t00000000000000ff\n')
  t.equal(readRootCapabilities(kernel), 0xffn)
})

t.test('the groups of a user namespace have a map', async (t) => {
  const kernel = fakeKernel()
  const status = 'Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\nCapEff:\t0\n'
  kernel.extra.set('/proc/self/status', status)
  kernel.extra.set('/proc/7/status', status)
  kernel.extra.set('/proc/self/gid_map', '0 500 1\n')
  t.equal(readIdentity(kernel)?.groupMap, undefined)
  kernel.extra.set('/proc/self/uid_map', '0 1000 1\n')
  const map = [{ inside: 0n, outside: 500n, count: 1n }]
  t.strictSame(readIdentity(kernel)?.groupMap, map)
  t.strictSame(readIdentity(kernel, '7')?.groupMap, map, 'who reads decides')
  kernel.extra.delete('/proc/self/gid_map')
  t.strictSame(readIdentity(kernel)?.groupMap, [])
})
