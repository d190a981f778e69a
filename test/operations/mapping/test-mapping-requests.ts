import t from 'tap'
import type {
  MapRequest,
  SegmentRequest,
  TouchRequest,
} from '../../../src/kernel/native/native-mapping.ts'
import { M } from '../../helpers/sizes.ts'
import { type Prepare, testOnFake } from '../../helpers/test-on-fake.ts'

/** Modes of include/uapi/linux/mempolicy.h. */
const [preferred, bind, interleave] = [1, 2, 3]

/** Four CPUs, two near to each node. */
const cpus: Prepare = (kernel, mapper) => {
  const status = kernel.read('/proc/self/status')
  const allowed = `${status}`.replace(/^Cpus_allowed_list:.*$/m, 'Cpus_allowed_list:\t0-3')
  kernel.extra.set('/proc/self/status', allowed)
  kernel.extra.set('/sys/devices/system/node/node0/cpulist', '0-1\n')
  kernel.extra.set('/sys/devices/system/node/node1/cpulist', '2-3\n')
  mapper.existing.set('/dev/buffer', { bytes: 0n })
  mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M })
  return undefined
}

const asked = async (line: string, prepare: Prepare = () => undefined) => {
  const { mapper } = await testOnFake(line, (kernel, mapper) => {
    cpus(kernel, mapper)
    return prepare(kernel, mapper)
  })
  return { maps: mapper.requests, touches: mapper.touches }
}

const touching: readonly (readonly [string, readonly Partial<TouchRequest>[]])[] = [
  ['2M=4', [{ from: 0, to: 4, threads: 4, way: 'populate', stuckSeconds: 30 }]],
  ['2M=4 --threads 3 --touch 2', [{ from: 0, to: 2, threads: 3 }]],
  ['2M=2', [{ threads: 2 }]],
  [
    '2M=0:1,1:2',
    [
      { threads: 1, cpus: [0, 1], policy: { mode: bind, nodes: [0] } },
      { threads: 2, cpus: [2, 3], policy: { mode: bind, nodes: [1] } },
    ],
  ],
  ['2M=3 --mempolicy bind:1', [{ threads: 2, cpus: [2, 3], policy: { mode: bind, nodes: [1] } }]],
  [
    '2M=4 --mempolicy interleave:0-1',
    [{ threads: 4, policy: { mode: interleave, nodes: [0, 1] } }],
  ],
  ['2M=4 --mempolicy preferred:1', [{ threads: 4, policy: { mode: preferred, nodes: [1] } }]],
  ['2M=3 --path /dev/buffer --threads 2', [{ threads: 2, way: 'store' }]],
  ['2M=3 --path /mnt/huge/file', [{ threads: 3, way: 'populate' }]],
]

t.test('how pages are touched', async (t) => {
  for (const [line, wanted] of touching) {
    const { touches } = await asked(line)
    t.equal(touches.length, wanted.length, line)
    t.match(touches, wanted, line)
    for (const [index, { policy, cpus }] of wanted.entries()) {
      t.strictSame(touches[index]?.policy, policy, line)
      t.strictSame(touches[index]?.cpus, cpus, line)
    }
  }
})

t.test('without MADV_POPULATE_WRITE a byte is stored', async (t) => {
  const { touches } = await asked('2M=4', (_, mapper) => {
    mapper.populates = false
    return undefined
  })
  t.hasStrict(touches, [{ way: 'store' }])
})

const mapping: readonly (readonly [string, readonly Partial<MapRequest | SegmentRequest>[]])[] = [
  [
    '2M=2 --via shm --mempolicy bind:1 --noreserve',
    [{ noreserve: true, policy: { mode: bind, nodes: [1] } }],
  ],
  ['2M=2 --via shm', [{ noreserve: false }]],
  ['2M=1:2 --via memfd', [{ noreserve: false, shared: true, policy: { mode: bind, nodes: [1] } }]],
  [
    '2M=2 --via memfd --processes 2 --noreserve',
    [
      { noreserve: true, shared: true },
      { noreserve: true, shared: true },
    ],
  ],
]

t.test('how mappings are made, those of other processes too', async (t) => {
  for (const [line, wanted] of mapping) {
    const { maps } = await asked(line)
    t.equal(maps.length, wanted.length, line)
    t.match(maps, wanted, line)
    for (const [index, { policy }] of wanted.entries())
      t.strictSame(maps[index]?.policy, policy, line)
  }
})
