import t, { type Test } from 'tap'
import { HugepoolError, type StopSignal } from '../../../src/errors.ts'
import { carryOutDesired } from '../../../src/operations/config/carry-out-desired.ts'
import { readDesiredPlan } from '../../../src/operations/config/read-desired.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { readText } from '../../helpers/config.ts'
import { configuredStage } from '../../helpers/configured-stage.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { global1G, number, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const group = '/proc/sys/vm/hugetlb_shm_group'
const everything = `[pools.2M]
pages = 8
overcommit = 4
[pools.1G]
pages = 1
demote-size = "64K"
[tune]
shm-group = "70"
`

interface Around {
  /** The number of writes after which a signal comes. */
  readonly signalAfter?: number
  readonly pause?: () => Promise<void>
}

/** Carries out the plan of a text on a machine of two nodes. */
const carried = async (
  t: Test,
  text: string,
  { signalAfter, pause = async () => {} }: Around = {},
  change: (stage: ReturnType<typeof configuredStage>) => void = () => {},
) => {
  const sizes = [65536n, size, G]
  const stage = configuredStage(t, '', { sizes, smallestDemoteSize: 65536n })
  const { kernel } = stage
  const signal: StopSignal = 'SIGTERM'
  const pending = () =>
    signalAfter !== undefined && kernel.writes.length >= signalAfter ? signal : undefined
  const ports = {
    tree: kernel,
    native: () => nativeOf(kernel),
    watchSignals: () => ({ pending }),
    pause,
    clock: () => 0,
    note: () => {},
    progress: () => {},
    reason: () => {},
  } as unknown as Ports
  const desired = { configuration: readText(text) }
  const plan = readDesiredPlan(kernel, desired)
  change(stage)
  const result = await carryOutDesired(ports, desired, plan, { compact: false })
  return { result, stage, writes: writesOf(kernel) }
}

t.test('pages, demote sizes, settings, overcommit, in this order', async (t) => {
  const { result, writes } = await carried(t, everything)
  t.strictSame(writes, [
    '1048576kB nr_hugepages=1',
    '2048kB nr_hugepages=8',
    '1048576kB demote_size=64kB',
    `${group}=70`,
    '2048kB nr_overcommit_hugepages=4',
  ])
  const { pages, overcommit, errors, undos, ...rest } = result
  t.strictSame([rest, errors, undos.length], [{}, [], 2])
  t.strictSame(
    [pages, overcommit].map((part) => [
      part?.result.outcome,
      part?.plan.steps.length,
      part?.before.pools.map(({ total }) => total),
    ]),
    [
      ['done', 2, [0n, 0n, 0n]],
      ['done', 1, [0n, 8n, 1n]],
    ],
  )
})

t.test('what nothing is wanted of is not looked at', async (t) => {
  const { result, writes } = await carried(t, '[tune]\nshm-group = "70"\n')
  t.strictSame([Object.keys(result).sort(), writes], [['errors', 'undos'], [`${group}=70`]])
})

t.test('what is optional and not there is no part of it', async (t) => {
  const absent = '[pools.16M]\npages = 1\novercommit = 1\noptional = true\n'
  const { result } = await carried(t, `${absent}[pools.2M]\npages = 8\novercommit = 4\n`)
  t.strictSame([result.pages?.result.leftOut, result.overcommit?.result.leftOut], [[], []])
  const missing = await carried(
    t,
    absent.replace('optional = true', '[pools.2M]\npages = 8\novercommit = 4'),
  )
  t.strictSame(
    [missing.result.pages, missing.result.overcommit].map((part) =>
      part?.result.leftOut.map(({ error }) => error.reason),
    ),
    [['no-size'], ['no-size']],
  )
})

t.test('a signal ends it after the stage in which it came', async (t) => {
  const stopped = async (signalAfter: number) => {
    const { result, writes } = await carried(t, everything, { signalAfter })
    const { pages, overcommit, errors, undos, ...rest } = result
    return [writes.length, rest, undos.length, overcommit === undefined]
  }
  t.strictSame(await stopped(2), [2, { signal: 'SIGTERM' }, 0, true])
  t.strictSame(await stopped(3), [3, { signal: 'SIGTERM' }, 1, true])
  t.strictSame(await stopped(4), [4, { signal: 'SIGTERM' }, 2, true])
  t.strictSame(await stopped(5), [5, { signal: 'SIGTERM' }, 2, false])
})

t.test('a signal is looked for once the event loop had its turn', async (t) => {
  let pauses = 0
  const pause = async () => {
    pauses += 1
  }
  await carried(t, '[tune]\nshm-group = "70"\n', { pause })
  t.equal(pauses, 5)
})

t.test('errors of items are collected, and what was done can be taken back', async (t) => {
  const { result, writes } = await carried(t, everything, {}, ({ kernel }) =>
    kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-1048576kB/demote_size', 'EINVAL'),
  )
  t.strictSame(
    result.errors.map(({ attribute, size: of, error }) => [attribute, of, error.code]),
    [['demote-size', G, 'E_UNSUPPORTED']],
  )
  t.strictSame([result.undos.length, writes.at(-1)], [1, '2048kB nr_overcommit_hugepages=4'])
})

t.test('an error that ends a stage ends all, and keeps what came of those before', async (t) => {
  const { result, writes } = await carried(t, everything, {}, ({ kernel }) => {
    const { write } = kernel
    kernel.write = (path, value) => {
      write(path, value)
      if (path === group)
        kernel.onRead = () => {
          throw systemError('EIO', 'read')
        }
    }
  })
  t.ok(result.failure instanceof HugepoolError)
  t.strictSame(
    [result.pages?.result.outcome, result.overcommit, result.undos.length, result.signal],
    ['done', undefined, 2, undefined],
  )
  t.equal(writes.at(-1), `${group}=70`)
  const pause = async () => {
    throw new Error('a fault')
  }
  await t.rejects(carried(t, everything, { pause }), { message: 'a fault' })
})

t.test('what falls short stays, and the rest is done', async (t) => {
  const { result, stage } = await carried(t, everything, {}, ({ kernel }) =>
    kernel.limitGrowth(size, 0n),
  )
  const { pages, overcommit } = result
  t.strictSame(
    [pages?.result.outcome, pages?.result.restored, overcommit?.result.outcome],
    ['partial', false, 'done'],
  )
  t.equal(number(stage.kernel, `${global1G}/nr_hugepages`), 1)
})

t.test('mounts are made between', async (t) => {
  const stage = configuredStage(
    t,
    `${everything.replace('demote-size = "64K"\n', '')}
[mounts."/mnt/huge"]
page-size = "2M"
`,
  )
  const order: string[] = []
  const { write } = stage.kernel
  stage.kernel.write = (path, value) => {
    order.push(`${value} with ${stage.calls.length} mounts`)
    write(path, value)
  }
  const clock = fakeClock()
  await stage.run('apply', { clock })
  t.equal(clock.clock(), 0, 'and nothing is waited for')
  t.strictSame(order, ['1 with 0 mounts', '8 with 0 mounts', '70 with 1 mounts', '4 with 1 mounts'])
})
