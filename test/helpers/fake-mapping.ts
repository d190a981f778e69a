import type { OwnMapping, TouchedPages } from '../../src/kernel/native/native-mapping.ts'
import { forksNot } from './fake-fork.ts'
import type { Mapping as Pages } from './fake-kernel/fake-kernel.ts'
import type { FakeTurns } from './fake-turns.ts'

const baseAddress = 0x7f0000000000n

/** How far the call under way has come, and whether it was stopped. */
interface Visit {
  visited: number
  stopped: boolean
}

type Act = (page: number) => void

const failed = (
  { reaching }: FakeTurns,
  { visited }: Visit,
  page: number,
  errno: string,
): TouchedPages => ({
  pages: visited,
  seconds: 0.5,
  failure: { page, errno },
  stopped: false,
  reached: reaching ?? page + 1,
})

/** Other threads go on after the page that failed. */
const goOn = ({ reaching = 0 }: FakeTurns, visit: Visit, page: number, act: Act): void => {
  for (let other = page + 1; other < reaching; other += 1) {
    act(other)
    visit.visited += 1
  }
}

/** The errno of a page that cannot be visited. */
const failureAt = (fake: FakeTurns, page: number, act: Act): string | undefined => {
  if (fake.truncatedTo !== undefined && fake.truncatedTo < BigInt(page + 1) * 2n ** 21n)
    return 'EFAULT'
  try {
    act(page)
    return undefined
  } catch {
    return 'EFAULT'
  }
}

/** Visits pages from the first to the last. */
const visitPages = (
  fake: FakeTurns,
  visit: Visit,
  [from, to]: readonly [from: number, to: number],
  act: Act,
): TouchedPages => {
  visit.visited = 0
  visit.stopped = false
  for (let page = from; page < to && !visit.stopped; page += 1) {
    fake.onTouch?.(page)
    if (fake.failing?.page === page) {
      goOn(fake, visit, page, act)
      return failed(fake, visit, page, fake.failing.errno)
    }
    const errno = failureAt(fake, page, act)
    if (errno !== undefined) return failed(fake, visit, page, errno)
    visit.visited += 1
  }
  const { visited, stopped } = visit
  return { pages: visited, seconds: 0.5, stopped, reached: from + visited }
}

/** The time that touching takes, unless it is stopped. */
const delayed = async ({ clock, delay }: FakeTurns, visit: Visit): Promise<void> => {
  visit.stopped = false
  const end = clock.clock() + delay
  while (!visit.stopped && clock.clock() < end) await new Promise(setImmediate)
}

/** One mapping: pages of the fake kernel, touched from the first to the last in any order. */
export const fakeMapping = (
  fake: FakeTurns,
  pages: number,
  kernelPages: Pages,
  order: number[],
  release: () => void,
): OwnMapping => {
  const now: Visit = { visited: 0, stopped: false }
  const visit = (from: number, to: number): TouchedPages =>
    visitPages(fake, now, [from, to], (page) => {
      if (order.includes(page)) return
      kernelPages.touch(1n)
      order.push(page)
    })
  const mapping: OwnMapping = {
    address: baseAddress,
    pages,
    touch: async (request) => {
      fake.touches.push(request)
      const { from, to } = request
      if (fake.unable?.call === 'touch') throw fake.unable.error
      await delayed(fake, now)
      return now.stopped
        ? { pages: 0, seconds: 0.5, stopped: true, reached: from }
        : visit(from, to)
    },
    touched: () => now.visited,
    // As those of the addon, which are methods of an object.
    stop(this: unknown) {
      if (this !== mapping) throw new TypeError('Illegal invocation')
      now.stopped = true
    },
    write: async (from, to) => visit(from, to),
    verify: async (from, to) => {
      const { differing } = fake
      if (differing === undefined || differing < from || differing >= to) return visit(from, to)
      return { ...visit(from, differing), difference: { page: differing, offset: 8 } }
    },
    store: () => {
      throw new Error('nothing stores here')
    },
    nodes: (from, to) => {
      if (fake.unable?.call === 'nodes') throw fake.unable.error
      return Array.from({ length: to - from }, (_, index) => {
        const at = order.indexOf(from + index)
        return at < 0 ? -2 : (kernelPages.nodes()[at] ?? -2)
      })
    },
    ...forksNot,
    unmap: async () => release(),
  }
  return mapping
}
