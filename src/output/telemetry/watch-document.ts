import { counterChanges } from '../../model/telemetry/counter-changes.ts'
import type { WatchState } from '../../model/telemetry/watch-state.ts'
import { shownPoolsDocument } from '../pools/pool-document.ts'
import { pageHolderDocument } from '../processes/who-document.ts'
import type { WatchDocument } from '../schemas/documents.ts'

/** What `until` came to: the expression and whether it held. */
export interface UntilAnswer {
  readonly text: string
  readonly holds: boolean
}

/** The document of the last look of a watch. Events are prose of what `changes` has as numbers. */
export const watchDocument = (state: WatchState, until?: UntilAnswer): WatchDocument => {
  const { first, before, last, looks, fresh } = state
  const changes = before === undefined || last === undefined ? [] : counterChanges(before, last)
  return {
    look: BigInt(looks),
    time: new Date(last?.moment ?? 0).toISOString(),
    elapsed: BigInt(Math.round((last?.at ?? 0) - (first?.at ?? 0))),
    pools: last === undefined ? [] : shownPoolsDocument(last.pools, last.nodes),
    changes: changes.map(({ size, node, changes: differences }) => ({
      pageSize: size,
      node,
      ...differences,
    })),
    events: fresh.map(({ words }) => words),
    holders: last?.holds === undefined ? undefined : last.holds.map(pageHolderDocument),
    until: until && { expression: until.text, holds: until.holds },
  }
}
