import t from 'tap'
import { readHugeUsers } from '../../../src/kernel/processes/huge-users.ts'
import {
  readCpus,
  readPid,
  readSegmentRights,
  readSpaceLimited,
} from '../../../src/kernel/processes/proc-self.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { temporary } from '../../helpers/run.ts'

t.test('what a process knows of itself', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/sys/devices/system/node/node0/cpulist', '0-1,4\n')
  t.equal(readPid(kernel), 4242)
  t.strictSame(readCpus(kernel).allowed, [0, 1])
  t.strictSame(readCpus(kernel).ofNode(0), [0, 1, 4])
  t.strictSame(readCpus(kernel).ofNode(7), [])
})

t.test('CPUs that are offline run no thread', async (t) => {
  const kernel = fakeKernel()
  const online = '/sys/devices/system/cpu/online'
  for (const [text, cpus] of [
    ['0\n', [0]],
    ['1-7\n', [1]],
    ['0-7\n', [0, 1]],
    ['garbage\n', [0, 1]],
  ] as const) {
    kernel.extra.set(online, text)
    t.strictSame(readCpus(kernel).allowed, cpus, text)
  }
})

t.test('what decides about SysV segments', async (t) => {
  const kernel = fakeKernel()
  t.strictSame(readSegmentRights(directoryTree(temporary(t))), {})
  t.strictSame(readSegmentRights(kernel), { group: 0n })
  kernel.extra.set('/proc/sys/vm/hugetlb_shm_group', '5\n')
  kernel.extra.set('/proc/sys/kernel/shmmax', '18446744073692774399\n')
  kernel.extra.set('/proc/sys/kernel/shmall', '7\n')
  kernel.extra.set('/proc/sys/kernel/shmmni', '4096\n')
  kernel.extra.set('/proc/self/limits', 'Max locked memory         unlimited   unlimited   bytes\n')
  for (const [mask, hasIpcLock] of [
    ['000001ffffffffff', true],
    ['0000000000004000', true],
    ['0000000000000000', false],
  ] as const) {
    kernel.extra.set('/proc/self/status', `Name:\tx\nCapEff:\t${mask}\n`)
    t.strictSame(readSegmentRights(kernel), {
      group: 5n,
      hasIpcLock,
      memlock: 'unlimited',
      shmmax: 18446744073692774399n,
      shmall: 7n,
      shmmni: 4096n,
    })
  }
})

t.test('limits of the address space', async (t) => {
  const kernel = fakeKernel()
  t.ok(readSpaceLimited(kernel), 'cannot be told')
  for (const [space, data, limited] of [
    ['unlimited', 'unlimited', false],
    ['1024', 'unlimited', true],
    ['unlimited', '1024', true],
  ] as const) {
    const line = (name: string, soft: string) =>
      `${name.padEnd(26)}${soft.padEnd(21)}unlimited  bytes`
    const lines = [line('Max data size', data), line('Max address space', space)]
    kernel.extra.set('/proc/self/limits', `Limit  Soft\n${lines.join('\n')}\n`)
    t.equal(readSpaceLimited(kernel), limited, `${space}, ${data}`)
  }
})

t.test('who has huge pages mapped', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/77/status', 'Name:\tqemu\nHugetlbPages:\t    4096 kB\n')
  kernel.extra.set('/proc/78/status', 'Name:\tsh\nHugetlbPages:\t       0 kB\n')
  kernel.extra.set('/proc/79/status', 'Name:\tkthread\n')
  kernel.extra.set('/proc/80/status', 'Name:\tself\nHugetlbPages:\t    2048 kB\n')
  t.strictSame(readHugeUsers(kernel, 80), [{ pid: 77, command: 'qemu', bytes: 4194304n }])
})
