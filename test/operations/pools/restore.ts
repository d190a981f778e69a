import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { type PoolSetting, stepFor } from '../../../src/model/pools/pool-plan.ts'
import { restore } from '../../../src/operations/pools/restore.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, global2M, M, number } from '../../helpers/on-fake.ts'

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
    ...{ steps, settings, notes: [], floors: [] },
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
