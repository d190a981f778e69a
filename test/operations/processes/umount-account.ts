import t, { type Test } from 'tap'
import { readPools } from '../../../src/kernel/pools/pools.ts'
import type { UmountResult } from '../../../src/operations/mounts/umount-directory.ts'
import { withUnaccounted } from '../../../src/operations/processes/umount-account.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { onMachine, procWith, withoutMemfd } from '../../helpers/running-machine.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

/** A pool of which nobody is seen to have so many pages and reservations. */
const machine = (pages: bigint, reserved = 0n): FakeKernel => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size, persistent: { 0: 8n } }],
  })
  if (pages > 0n) kernel.map(size, pages).touch(pages)
  if (reserved > 0n) kernel.map(size, reserved)
  return kernel
}

const removed = (tree: FakeKernel): Extract<UmountResult, { kind: 'unmounted' }> => ({
  kind: 'unmounted',
  target: '/mnt/huge',
  unmounted: {
    mount: {
      target: '/mnt/huge',
      device: '0:39',
      source: 'none',
      pageSize: size,
      uid: 0,
      gid: 0,
      mode: '0755',
      options: 'rw,pagesize=2M',
      hidden: false,
    },
    lazy: false,
    keepers: { found: [], unexamined: [] },
    elsewhere: [],
  },
  pools: readPools(tree, false).pools,
})

const unaccounted = (t: Test, kernel: FakeKernel) => {
  const tree = onMachine(kernel, procWith(t))
  return withUnaccounted({ tree, native: () => withoutMemfd }, removed(tree)).unaccounted
}

t.test('what did not come back, and is nobody’s, is told', async (t) => {
  t.strictSame(unaccounted(t, machine(1n)), [
    "2M: 1 page did not come back, or is of others: nobody is seen to have it; 'hugepool who 2M' tells what may",
  ])
  t.strictSame(unaccounted(t, machine(3n, 2n)), [
    "2M: 3 pages and 2 reservations did not come back, or are of others: nobody is seen to have them; 'hugepool who 2M' tells what may",
  ])
})

t.test('nothing is told where all came back, and of what cannot be compared', async (t) => {
  t.equal(unaccounted(t, machine(0n)), undefined)
  const kernel = machine(3n)
  const recorded = { tree: kernel, native: () => withoutMemfd }
  t.notOk('unaccounted' in withUnaccounted(recorded, removed(kernel)), 'a recording')
  const tree = onMachine(kernel, procWith(t))
  const ports = { tree, native: () => withoutMemfd }
  t.notOk('unaccounted' in withUnaccounted(ports, { ...removed(tree), pools: [] }), 'no sysfs')
  const dropped = { kind: 'unpersisted', target: '/mnt/huge', pools: [] } as const
  t.equal(withUnaccounted(ports, dropped), dropped)
})
