import {
  type Action,
  furtherSequences,
  replay,
  type Sequence,
  type Subject,
} from '../helpers/counters-table.ts'
import { type Holding, hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import {
  type Counts,
  countsOf,
  gigantic,
  poolPath,
  readNumber,
  setOvercommit,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool } from './support/program.ts'

const live = liveOn('room', 'one node with memory')
const large = liveOn('room', 'one node with memory', 'gigantic surplus that goes (Linux 6.1)')
const on = (size: number) => (size === gigantic ? large : live)

/** Partial exactly where pages that were to go became surplus. */
const rightStatus = (before: Counts, after: Counts): number => {
  const shrank = after.total - after.surplus < before.total - before.surplus
  return shrank && after.surplus > before.surplus ? 64 : 0
}

const persistently = async (size: number, pages: number): Promise<void> => {
  const before = countsOf(size)
  const { status, err } = await hugepool('resize', `${sizeName(size)}=${pages}`)
  const right = rightStatus(before, countsOf(size))
  if (status !== right) throw new Error(`status ${status} instead of ${right}: ${err}`)
}

const overcommitting = async (size: number, pages: number): Promise<void> => {
  const { status, err } = await hugepool('overcommit', `${sizeName(size)}=${pages}`)
  if (status !== 0) throw new Error(`status ${status}: ${err}`)
}

/** The running kernel: pools are set by hugepool, pages held by the holder, counters read here. */
const runningKernel = (size: number): Subject => {
  const held = new Map<string, Holding>()
  const map = async (action: Extract<Action, { readonly do: 'map' }>) => {
    const { name, pages, shared = false, noreserve = false } = action
    const sharing = shared ? 'shared' : 'private'
    held.set(name, await hold(size, { pages, sharing, noReserve: noreserve }))
  }
  return {
    act: async (action) => {
      if (action.do === 'persistent') await persistently(size, action.pages)
      else if (action.do === 'overcommit') await overcommitting(size, action.pages)
      else if (action.do === 'map') await map(action)
      else if (action.do === 'unmap') await held.get(action.name)?.release()
      else if (action.do === 'touch')
        for (let page = 0; page < action.pages; page += 1) await held.get(action.name)?.touch()
    },
    counters: () => {
      const { total, free, reserved, surplus } = countsOf(size)
      return [total, free, reserved, surplus]
    },
  }
}

const replayed = (sequence: Sequence, size: number) =>
  on(size)(
    `the counters of ${sizeName(size)} pages move as in the table: ${sequence.name}`,
    async (t) => {
      // The kernel has two large pages for certain where it had them just now.
      if (size === gigantic) setPool(size, 2)
      setPool(size, 0)
      if (readNumber(poolPath(size, 'nr_overcommit_hugepages')) !== 0) setOvercommit(size, 0)
      await replay(sequence, runningKernel(size), (found, wanted, label) => {
        t.strictSame(found, wanted, label)
      })
    },
  )

// Those of the ready table are replayed by mappings of hugepool's own, in test-counters.ts.
for (const sequence of furtherSequences)
  if (!sequence.gigantic) replayed(sequence, smallest)
  else if (gigantic !== undefined) replayed(sequence, gigantic)

large('overcommit below the surplus moves no gigantic page', async (t) => {
  if (gigantic === undefined) {
    t.equal((await hugepool('overcommit', '1T=1')).status, 4, 'there are none here')
    return
  }
  setPool(gigantic, 1)
  await hold(gigantic, { pages: 1 })
  await persistently(gigantic, 0)
  const counts = { total: 1, free: 1, reserved: 1, surplus: 1 }
  t.strictSame(countsOf(gigantic), counts)
  const { status } = await hugepool('overcommit', `${sizeName(gigantic)}=+1`)
  t.equal(status, kernelHas('giganticOvercommit') ? 0 : 4)
  t.strictSame(countsOf(gigantic), counts)
})
