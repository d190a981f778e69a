import type { Test } from 'tap'
import { standIn } from './standing-in.ts'

/** Calls by which names and what is on disk change, none of which Node makes by itself. */
export const changingCalls = [
  'fchown',
  'fchmod',
  'fsync',
  'rename',
  'symlink',
  'mkdir',
  'unlink',
  'rmdir',
] as const

export type ChangingCall = (typeof changingCalls)[number]

type Anything = (...args: readonly unknown[]) => unknown

/**
 * Asks `before` ahead of each call of this process until the test ends, which may throw what the call
 * would throw. Calls that `before` makes itself are not asked about.
 */
export const beforeCalls = (t: Test, before: (call: ChangingCall) => void): void => {
  let isAsking = false
  const asking = (name: ChangingCall) => {
    if (isAsking) return
    isAsking = true
    try {
      before(name)
    } finally {
      isAsking = false
    }
  }
  const others = changingCalls.map((name) => [
    `${name}Sync`,
    (...args: readonly unknown[]) => {
      asking(name)
      return usual[`${name}Sync`]?.(...args)
    },
  ])
  const usual = standIn(t, Object.fromEntries(others)) as unknown as Record<string, Anything>
}

/** What a call throws on a disk that is full. */
export const diskFull = (syscall: ChangingCall): Error =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), {
    code: 'ENOSPC',
    errno: -28,
    syscall,
  })
