import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import { ProcessGone } from '../../../src/kernel/mapping/sharing/share-conversation.ts'
import { holdMapping } from '../../../src/operations/mapping/hold-mapping.ts'
import type { RunningTest } from '../../../src/operations/mapping/running-test.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { M } from '../../helpers/sizes.ts'

/** Holds nothing for so many milliseconds; the pauses that it makes, and what it says at last. */
const held = async (
  hold: number,
  pending: (now: number) => StopSignal | undefined,
  others: Parameters<typeof holdMapping>[2] = [],
) => {
  const time = fakeClock()
  const pauses: number[] = []
  let said = ''
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds)
    return time.pause(milliseconds)
  }
  const test = {
    ports: { ...time, tree: fakeKernel(), pause, note: () => {} },
    plan: { hold, pages: 4n, size: 2n * M, processes: 3 },
    signals: { pending: () => pending(time.clock()) },
    log: { readings: [], add: (_: string, words: () => string) => (said = words()) },
  } as unknown as RunningTest
  const failure = await holdMapping(test, [], others)
  return { pauses, said, now: time.clock(), ...(failure && { failure }) }
}

t.test('the last pause is as long as what is left', async (t) => {
  t.strictSame(await held(250, () => undefined), {
    pauses: [100, 100, 50],
    said: 'held by process 4242 for 250ms',
    now: 250,
  })
})

t.test('a signal is noticed after the pause in which it came', async (t) => {
  t.strictSame(await held(3_600_000, (now) => (now > 120 ? 'SIGINT' : undefined)), {
    pauses: [100, 100],
    said: 'held by process 4242 until a signal came',
    now: 200,
  })
})

t.test('another process that ends, ends it and is named', async (t) => {
  const other = (pid: number, gone?: ProcessGone) => ({ pid, gone: () => gone })
  const others = [other(7), other(8, new ProcessGone('ended by SIGKILL'))]
  const { failure, said, pauses } = await held(1000, () => undefined, others as never)
  t.strictSame(failure, {
    mapped: true,
    errno: 'ESRCH',
    reason: 'lost',
    why: 'process 3 of 3 (8) was ended by SIGKILL while it held its pages',
    advice: [],
  })
  t.match(said, /^held by process 4242 until another process ended/)
  t.ok(pauses.length <= 1)
})
