import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { type PoolPlan, type PoolSetting, stepFor } from '../../../src/model/pools/pool-plan.ts'
import { restore } from '../../../src/operations/pools/restore.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global2M, node2M, number, totals } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

/** A pool of ten pages that has lost some, on a kernel of which each write gains one page. */
const losing = (lost: bigint) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: G }],
    pools: [{ size, persistent: { 0: 10n } }],
  })
  const before = readMachine(kernel)
  const path = `${global2M}/nr_hugepages`
  kernel.write(path, `${10n - lost}`)
  const { write } = kernel
  kernel.write = (file, value) => {
    const most = BigInt(kernel.read(path)) + 1n
    write(file, `${BigInt(value) < most ? value : most}`)
  }
  const setting: PoolSetting = { size, attribute: 'persistent' }
  const settings = [{ ...setting, requested: 10n - lost }]
  const steps = [stepFor(setting, 10n, 10n - lost)]
  const result = restore({ tree: kernel } as unknown as Ports, before, {
    ...{ steps, settings, notes: [], memoryMinimums: [] },
  })
  return { result, pages: number(kernel, path) }
}

t.test('a write that falls short is made up to four times', async (t) => {
  t.strictSame(losing(4n), { result: { sizes: ['2M'], short: [], kept: [] }, pages: 10 })
  t.strictSame(losing(5n), {
    result: { sizes: ['2M'], short: ['2M has 9 instead of 10'], kept: [] },
    pages: 9,
  })
})

const planFor = (setting: PoolSetting): PoolPlan => ({
  steps: [],
  settings: [{ ...setting, requested: 0n }],
  notes: [],
  memoryMinimums: [],
})

const whole: PoolSetting = { size, attribute: 'persistent' }

/** A pool of four pages on each of two nodes that was taken away while six were in use. */
const takenAway = () => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: G },
      { id: 1, memory: G },
    ],
    pools: [{ size, persistent: { 0: 4n, 1: 4n } }],
  })
  const before = readMachine(kernel)
  kernel.map(size, 6n).touch(6n)
  kernel.write(`${global2M}/nr_hugepages`, '0')
  return { kernel, before }
}

t.test('surplus that came is made persistent before nodes are set one by one', async (t) => {
  const { kernel, before } = takenAway()
  const from = kernel.writes.length
  t.strictSame(restore({ tree: kernel } as unknown as Ports, before, planFor(whole)), {
    sizes: ['2M'],
    short: [],
    kept: [],
  })
  t.strictSame(totals(kernel), [4, 4])
  const [first, ...others] = kernel.writes.slice(from)
  t.strictSame(first, { path: `${global2M}/nr_hugepages`, value: '6' })
  t.ok(others.every(({ path }) => [node2M(0), node2M(1)].some((node) => path.startsWith(node))))
})

t.test('what fails is told by the pools that stay short, the surplus first', async (t) => {
  const { kernel, before } = takenAway()
  const files = [global2M, node2M(0), node2M(1)].map((path) => `${path}/nr_hugepages`)
  for (const path of files) kernel.failWrite(path, 'EIO', 'always')
  t.strictSame(restore({ tree: kernel } as unknown as Ports, before, planFor(whole)), {
    sizes: ['2M'],
    short: [
      '2M on node 0 has 0 instead of 4',
      '2M on node 1 has 0 instead of 4',
      ...files.map((path) => `${path}: input/output error (EIO)`),
    ],
    kept: [
      '2M on node 0 keeps 4 as surplus until they are freed',
      '2M on node 1 keeps 2 as surplus until they are freed',
    ],
  })
})

t.test('surplus that its users keep is told', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: G }],
    pools: [{ size, persistent: { 0: 4n } }],
  })
  kernel.write(`${global2M}/nr_overcommit_hugepages`, '1')
  const before = readMachine(kernel)
  const back = () => restore({ tree: kernel } as unknown as Ports, before, planFor(whole)).kept
  t.strictSame(back(), [])
  kernel.map(size, 5n).touch(5n)
  t.strictSame(back(), ['2M on node 0 keeps 1 as surplus until they are freed'])
  const held = readMachine(kernel)
  kernel.write(`${global2M}/nr_overcommit_hugepages`, '3')
  kernel.map(size, 2n).touch(2n)
  t.strictSame(
    restore({ tree: kernel } as unknown as Ports, held, planFor(whole)).kept,
    ['2M on node 0 keeps 2 as surplus until they are freed'],
    'beyond what was there before',
  )
})
