import t from 'tap'
import type { StopSignal } from '../../src/errors.ts'
import { lookUntil } from '../../src/operations/look-until.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { fakeClock } from '../helpers/fake-clock.ts'

interface Asked {
  /** What is looked for, which counts the looks. */
  readonly wanted?: number
  readonly every?: number
  readonly most?: number
  /** When a signal comes, in milliseconds. */
  readonly signalAt?: number
  /** How long each look takes. */
  readonly takes?: number
}

/** What was found, when, and what was said meanwhile. */
const waited = async ({ wanted = 3, every = 100, most, signalAt, takes = 0 }: Asked) => {
  const clock = fakeClock()
  const notes: string[] = []
  let signal: StopSignal | undefined
  if (signalAt !== undefined)
    clock.after(signalAt, () => {
      signal = 'SIGTERM'
    })
  const ports = {
    ...clock,
    note: (text: string) => notes.push(`${clock.clock()}: ${text}`),
    watchSignals: () => ({ pending: () => signal }),
  } as unknown as Ports
  let looks = 0
  const result = await lookUntil(ports, {
    look: () => {
      clock.pass(takes)
      looks += 1
      return looks
    },
    isDone: (found) => found === wanted,
    every,
    ...(most !== undefined && { most }),
    words: (found) => `after ${found}`,
  })
  return { ...result, at: clock.clock(), notes }
}

t.test('looks until it is done', async (t) => {
  t.strictSame(await waited({ wanted: 1 }), { found: 1, at: 0, notes: [] })
  t.strictSame(await waited({ wanted: 4 }), { found: 4, at: 300, notes: [] })
})

t.test('the time is up: the last look is at its end', async (t) => {
  t.strictSame(await waited({ wanted: 9, most: 250 }), { found: 4, at: 250, notes: [] })
  t.strictSame(await waited({ wanted: 9, most: 200 }), { found: 3, at: 200, notes: [] })
  t.strictSame(await waited({ wanted: 9, most: 0 }), { found: 1, at: 0, notes: [] })
})

t.test('a signal ends it, unless it is done', async (t) => {
  t.strictSame(await waited({ wanted: 9, signalAt: 150 }), {
    found: 3,
    signal: 'SIGTERM',
    at: 200,
    notes: [],
  })
  t.strictSame(await waited({ wanted: 3, signalAt: 150 }), { found: 3, at: 200, notes: [] })
})

t.test('a longer wait is told once', async (t) => {
  t.strictSame(await waited({ wanted: 3, every: 500 }), { found: 3, at: 1000, notes: [] })
  t.strictSame(await waited({ wanted: 6, every: 501 }), {
    found: 6,
    at: 2505,
    notes: ['1002: after 3'],
  })
  t.strictSame((await waited({ wanted: 2, takes: 1001 })).notes, ['1001: after 1'])
})

t.test('a look may take its time', async (t) => {
  const ports = {
    ...fakeClock(),
    watchSignals: () => ({ pending: () => undefined }),
  } as unknown as Ports
  const look = async () => 'found'
  const sought = { look, isDone: () => true, every: 1, words: () => '' }
  t.strictSame(await lookUntil(ports, sought), { found: 'found' })
})
