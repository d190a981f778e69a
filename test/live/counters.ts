import type { Action, Subject } from '../helpers/counters-table.ts'
import { poolSequences } from '../helpers/pool-sequences.ts'
import { type Holding, hold } from './support/holder.ts'
import { setByHugepool } from './support/setting.ts'
import { cellsOf, replayAll } from './support/table.ts'

/** The running kernel: pools are set by hugepool, pages held by the holder, counters read here. */
const runningKernel = (size: number): Subject => {
  const held = new Map<string, Holding>()
  const map = async (action: Extract<Action, { readonly do: 'map' }>) => {
    const { name, pages, shared = false, noreserve = false, populate = false } = action
    const sharing = shared ? 'shared' : 'private'
    held.set(name, await hold(size, { pages, sharing, noReserve: noreserve, populate }))
  }
  return {
    act: async (action) => {
      if (action.do === 'map') await map(action)
      else if (action.do === 'unmap') await held.get(action.name)?.release()
      else if (action.do === 'touch')
        for (let page = 0; page < action.pages; page += 1) await held.get(action.name)?.touch()
      else await setByHugepool(size, action)
    },
    counters: (wanted) => cellsOf(size, wanted),
  }
}

// Those of the ready table are replayed by mappings of hugepool's own, in test-counters.ts.
replayAll(poolSequences, 'programs that map', runningKernel)
