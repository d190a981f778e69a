import t from 'tap'
import { readMemory } from '../../../src/kernel/pools/nodes.ts'
import { stepFor } from '../../../src/model/pools/pool-plan.ts'
import { headroom } from '../../../src/operations/pools/headroom.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global1G, node2M, onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const twoNodes = () =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G, fragmentedBytes: 4n * G },
      { id: 1, memory: 4n * G },
    ],
  })

const freeOn = (kernel: ReturnType<typeof twoNodes>, node: number): bigint => {
  const text = kernel.read(`/sys/devices/system/node/node${node}/meminfo`)
  return BigInt(/MemFree: +([0-9]+) kB/.exec(text)?.[1] ?? -1) * 1024n
}

t.test('a node that gives nothing does not make the other give what has to remain', async (t) => {
  const kernel = twoNodes()
  const { status, stderr } = await onFake(kernel, 'resize 2M=3000 --leave 1G')
  t.equal(status, 64)
  t.match(stderr, /^hugepool: 2M: stopped at \d+, for more would leave too little memory\n/)
  t.ok(freeOn(kernel, 1) >= (512n * M * 3n) / 4n - 2n * M, `${freeOn(kernel, 1)} bytes remain`)
  t.ok(freeOn(kernel, 1) < 512n * M, 'all but the margin was used')
})

t.test('a quarter of the margin may go before it counts', async (t) => {
  const kernel = twoNodes()
  const step = stepFor({ size: 2n * M, attribute: 'persistent' }, 0n, 1n)
  const { available = 0n } = readMemory(kernel) ?? {}
  const above = (bytes: bigint) =>
    headroom(kernel, step, [{ leave: ((available - bytes) * 4n) / 3n }])
  t.equal(above(20n * M), 10n)
  t.equal(above(4n * M), 2n)
  t.equal(above(M), 1n, 'less than a page: one more in turn')
  t.equal(above(-M), 0n)
  t.equal(headroom(kernel, step, []), undefined)
})

t.test('a minimum counts for the steps that take from its node', async (t) => {
  const kernel = twoNodes()
  const setting = { size: 2n * M, attribute: 'persistent' } as const
  const policy = { mode: 'bind', nodes: [1] } as const
  const minimums = (node: number) => [{ node, leave: 1024n * G }]
  const whole = stepFor(setting, 0n, 1n)
  t.strictSame(
    [0, 1].map((node) => headroom(kernel, whole, minimums(node))),
    [0n, 0n],
  )
  const bound = stepFor(setting, 0n, 1n, policy)
  t.strictSame(
    [0, 1].map((node) => headroom(kernel, bound, minimums(node))),
    [undefined, 0n],
  )
  const onNode = stepFor({ ...setting, node: 0 }, 0n, 1n)
  t.strictSame(
    [0, 1].map((node) => headroom(kernel, onNode, minimums(node))),
    [0n, undefined],
  )
  t.equal(headroom(kernel, whole, minimums(7)), undefined, 'a node that is not there')
})

t.test('--leave 0 lets the kernel take it all', async (t) => {
  const kernel = twoNodes()
  const { status, stderr } = await onFake(kernel, 'resize 2M=3000 --leave 0')
  t.equal(status, 64)
  t.notMatch(stderr, /stopped/)
  t.equal(freeOn(kernel, 1), 0n)
})

t.test('an even spread reaches all that was planned', async (t) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
  })
  t.equal((await onFake(kernel, 'resize 2M=max')).status, 0)
  t.ok(freeOn(kernel, 0) >= 64n * M && freeOn(kernel, 1) >= 64n * M)
})

t.test('what a shrink is sure to free is reached, wherever the kernel begins', async (t) => {
  for (const turns of [0, 1, 2]) {
    const kernel = fakeKernel({
      nodes: [
        { id: 0, memory: 4n * G },
        { id: 1, memory: 4n * G },
        { id: 2, memory: 3n * G },
      ],
      pools: [{ size: G, persistent: { 0: 2n, 1: 2n, 2: 2n } }],
    })
    // A page less and one more again: the kernel goes on with the next node.
    for (let turn = 0; turn < turns; turn += 1)
      for (const pages of ['5', '6']) kernel.write(`${global1G}/nr_hugepages`, pages)
    const { status, stderr } = await onFake(kernel, 'resize 1G=2 2M=max')
    t.equal(status, 0, `${turns} turns`)
    t.match(
      stderr,
      /^hugepool: note: 2M: not an equal part .*: 992 from node 2, 1495 from each of nodes 0-1\n$/,
    )
    t.ok([0, 1, 2].every((node) => freeOn(kernel, node) >= 64n * M))
  }
})

t.test('surplus turns persistent although no memory is left', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: G }],
    pools: [{ size: 2n * M, persistent: { 0: 100n } }],
  })
  kernel.map(2n * M, 90n).touch(90n)
  t.equal((await onFake(kernel, 'resize 2M=0')).status, 64)
  kernel.onRead = undefined
  t.equal((await onFake(kernel, 'resize 2M=90 --leave 900M')).status, 0)
  t.equal(kernel.snapshot()[`${node2M(0)}/surplus_hugepages`], '0')
})
