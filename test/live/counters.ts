import { type Action, furtherSequences, type Subject } from '../helpers/counters-table.ts'
import { type Holding, hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { type Counts, countsOf, gigantic, setPool, sizeName } from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { cellsOf, onGigantic, replayAll } from './support/table.ts'

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
    counters: (wanted) => cellsOf(size, wanted),
  }
}

// Those of the ready table are replayed by mappings of hugepool's own, in test-counters.ts.
replayAll(furtherSequences, 'programs that map', runningKernel)

onGigantic('overcommit below the surplus moves no gigantic page', async (t) => {
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
