import t from 'tap'
import { asOctets } from '../../../src/model/etc/octets.ts'
import { seePools } from '../../../src/operations/telemetry/see-pools.ts'
import { fakeStart } from '../../helpers/fake-clock.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { treeOf } from '../../helpers/run.ts'
import { onMachine, procWith } from '../../helpers/running-machine.ts'
import { memfd, segmentsPath } from '../../helpers/segment-scan.ts'
import { G, M } from '../../helpers/sizes.ts'
import { watchPorts } from '../../helpers/watch-ports.ts'

const machine = () =>
  fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 4n } }],
  })

t.test('a look sees all pools on all nodes, and when', async (t) => {
  const ports = watchPorts(machine())
  ports.time.pass(1500)
  const { pools, ...rest } = await seePools(ports, { sizes: [], holders: false })
  t.strictSame(rest, { at: 1500, moment: fakeStart + 1500, nodes: [0], remarks: [] })
  t.strictSame(
    pools.map(({ size, total, nodes }) => ({ size, total, nodes })),
    [
      { size: 2n * M, total: 4n, nodes: [{ node: 0, total: 4n, free: 4n, surplus: 0n }] },
      { size: G, total: 0n, nodes: [{ node: 0, total: 0n, free: 0n, surplus: 0n }] },
    ],
  )
})

t.test('it sees the pools that were asked for, and who holds their pages', async (t) => {
  const kernel = machine()
  kernel.map(2n * M, 3n).touch(3n)
  const { pools, holds, remarks } = await seePools(watchPorts(kernel), {
    sizes: [2n * M],
    holders: true,
  })
  t.strictSame(
    [pools.map(({ size }) => size), holds?.map(({ kind, pages }) => `${kind} ${pages}`), remarks],
    [
      [2n * M],
      ['unexplained 3'],
      [
        '2M: 0 of 3 pages in use are explained; 3 are not: a driver, a pinned buffer or a descriptor in flight may hold them',
      ],
    ],
  )
})

t.test('what cannot be read is said', async (t) => {
  const kernel = machine()
  const path = '/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages'
  const { read } = kernel
  kernel.read = (name) => (name === path ? asOctets('x\n') : read(name))
  const { remarks } = await seePools(watchPorts(kernel), { sizes: [], holders: false })
  t.strictSame(remarks, [`2M: ${path}: expected a number, found "x\\n"`])
})

t.test('a size without a pool, and a kernel without HugeTLB', async (t) => {
  const ports = watchPorts(machine())
  await t.rejects(seePools(ports, { sizes: [4n * M], holders: false }), {
    code: 'E_UNSUPPORTED',
    reason: 'no-size',
  })
  const none = { ...ports, tree: treeOf('no-hugetlb') }
  await t.rejects(seePools(none, { sizes: [], holders: false }), { code: 'E_UNSUPPORTED' })
})

t.test(
  'holders are looked for as who does without --all: no further than there are pages',
  async (t) => {
    const attachedWith = async (reserved: bigint, pages: bigint) => {
      const attached: number[] = []
      const kernel = machine()
      kernel.extra.set(segmentsPath, `key shmid size nattch uid rss\n 1 4 2097152 0 26 ${pages}\n`)
      if (reserved > 0n) kernel.map(2n * M, reserved)
      const native = nativeWith({
        memfd,
        atSegment: (_, id) => {
          attached.push(id)
        },
      })
      const tree = onMachine(kernel, procWith(t))
      const ports = { ...watchPorts(kernel), tree, native: () => native }
      await seePools(ports, { sizes: [2n * M], holders: true })
      return attached
    }
    t.strictSame([await attachedWith(1n, 0n), await attachedWith(0n, 2097152n)], [[4], []])
  },
)
