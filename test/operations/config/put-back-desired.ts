import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import { type PoolSetting, stepFor } from '../../../src/model/pools/pool-plan.ts'
import type {
  CarriedOutDesired,
  CarriedPools,
} from '../../../src/operations/config/carry-out-desired.ts'
import { putBackDesired } from '../../../src/operations/config/put-back-desired.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global2M, number, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

/** A pool of four pages without overcommit, both of which a call has changed. */
const changed = () => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: G }],
    pools: [{ size, persistent: { 0: 4n } }],
  })
  const before = readMachine(kernel)
  const carried = (attribute: PoolSetting['attribute'], was: bigint, requested: bigint) => {
    const setting: PoolSetting = { size, attribute }
    const steps = [stepFor(setting, was, requested)]
    const settings = [{ ...setting, requested }]
    const plan = { steps, settings, notes: [], memoryMinimums: [] }
    return { before, plan } as unknown as CarriedPools
  }
  kernel.write(`${global2M}/nr_hugepages`, '9')
  kernel.write(`${global2M}/nr_overcommit_hugepages`, '5')
  const parts = { pages: carried('persistent', 4n, 9n), overcommit: carried('overcommit', 0n, 5n) }
  return { kernel, parts, from: kernel.writes.length }
}

type Kernel = ReturnType<typeof fakeKernel>

const putBack = (
  kernel: Kernel,
  carried: Partial<CarriedOutDesired>,
  why: readonly string[] = ['no'],
  hints: readonly string[] = [],
) => {
  const ports = { tree: kernel } as unknown as Ports
  const error = putBackDesired(ports, { errors: [], undos: [], ...carried }, why, hints)
  const { code, reason, message, hint, signal } = error
  return { code, reason, message, hint, signal }
}

const look = "'hugepool check' shows what there is"

t.test('everything goes back, the last thing first', async (t) => {
  const { kernel, parts, from } = changed()
  const order: string[] = []
  const undo = (name: string) => () => {
    order.push(`${name} at ${number(kernel, `${global2M}/nr_hugepages`)}`)
    return undefined
  }
  const undos = [undo('first'), undo('second')]
  t.strictSame(putBack(kernel, { ...parts, undos, signal: 'SIGTERM' }, ['one', 'two'], ['ask']), {
    code: 'E_KERNEL',
    reason: 'put-back',
    message: 'one; two; all is put back as before',
    hint: 'ask',
    signal: 'SIGTERM',
  })
  t.strictSame(order, ['second at 9', 'first at 9'])
  t.strictSame(writesOf(kernel, from), [
    '2048kB nr_overcommit_hugepages=0',
    '2048kB nr_hugepages=4',
  ])
})

t.test('nothing was done, and there is nothing more to say', async (t) => {
  const { kernel, from } = changed()
  t.strictSame(putBack(kernel, {}), {
    code: 'E_KERNEL',
    reason: 'put-back',
    message: 'no; all is put back as before',
    hint: undefined,
    signal: undefined,
  })
  t.equal(kernel.writes.length, from)
})

t.test('a plan without steps has changed nothing', async (t) => {
  const { kernel, parts, from } = changed()
  const plan = { ...parts.pages.plan, steps: [] }
  t.equal(putBack(kernel, { pages: { ...parts.pages, plan } }).reason, 'put-back')
  t.equal(kernel.writes.length, from, 'what somebody else changes meanwhile stays')
})

t.test('what stays is told, in the order in which it was tried', async (t) => {
  const { kernel, parts } = changed()
  for (const file of ['nr_hugepages', 'nr_overcommit_hugepages'])
    kernel.failWrite(`${global2M}/${file}`, 'EIO', 'always')
  const undos = [() => '/mnt/a stays mounted: busy', () => undefined]
  const { reason, message, hint } = putBack(kernel, { ...parts, undos }, ['no'], ['ask', 'look'])
  t.strictSame([reason, hint], ['not-put-back', `${look}\nask\nlook`])
  t.equal(
    message.replaceAll(/, \/sys[^,]*/g, ''),
    'no; putting back fell short: 2M overcommit has 5 instead of 0, /mnt/a stays mounted: busy, 2M has 9 instead of 4',
  )
})

t.test('surplus that the kernel keeps is told too', async (t) => {
  const { kernel, parts } = changed()
  const mapping = kernel.map(size, 8n)
  mapping.touch(8n)
  const both = putBack(kernel, { pages: parts.pages, undos: [() => '/mnt/a stays'] })
  t.strictSame([both.reason, both.hint], ['not-put-back', look])
  const { reason, message, hint } = putBack(kernel, { pages: parts.pages })
  t.strictSame(
    { reason, message, hint },
    {
      reason: 'not-put-back',
      message:
        'no; all is put back as before; 2M on node 0 keeps 4 as surplus until they are freed',
      hint: look,
    },
  )
})
