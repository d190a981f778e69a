import type { Clock } from '../../src/kernel/clock.ts'

/** The moment at which a fake clock begins, in milliseconds since 1970. */
export const fakeStart = Date.UTC(2026, 0, 1)

export interface FakeClock extends Clock {
  /** Lets time pass. */
  pass(milliseconds: number): void
  /** Does something as soon as so much time has passed. */
  after(milliseconds: number, act: () => void): void
}

/** A clock that only pauses move: nothing waits. What else is going on has its turn in each. */
export const fakeClock = (): FakeClock => {
  let now = 0
  let due: readonly { readonly at: number; readonly act: () => void }[] = []
  const pass = (milliseconds: number): void => {
    now += milliseconds
    const ripe = due.filter(({ at }) => at <= now)
    due = due.filter(({ at }) => at > now)
    for (const { act } of ripe) act()
  }
  return {
    clock: () => now,
    now: () => fakeStart + now,
    pause: async (milliseconds) => {
      await new Promise(setImmediate)
      pass(milliseconds)
    },
    pass,
    after: (milliseconds, act) => {
      due = [...due, { at: now + milliseconds, act }]
    },
  }
}
