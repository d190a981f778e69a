import type { HugepoolError } from '../../errors.ts'
import { leftOutHints, leftOutWords, type PartLeftOut } from '../../model/pools/left-out.ts'
import { echoLine } from '../../model/pools/pool-plan.ts'
import { present } from '../../model/words/present.ts'
import type { ChangeResult } from '../../operations/pools/change-result.ts'
import type { ChangeDryRun } from '../../operations/pools/plan-and-change.ts'
import type { CellStyle } from '../../output/columns.ts'
import {
  changeDocument,
  heldDocument,
  leftOutDocument,
} from '../../output/pools/change-document.ts'
import { changeColumns, changeRows } from '../../output/pools/change-rows.ts'
import { poolsDocument } from '../../output/pools/pool-document.ts'
import type {
  ChangesDocument,
  CommandsDocument,
  DryRunDocument,
  WriteDocument,
} from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

/** What a dry run tells beside its lines. */
interface Forecast {
  readonly notes?: readonly string[]
  readonly words: readonly string[]
  readonly hints?: readonly string[]
  readonly denied?: HugepoolError | undefined
  readonly held?: DryRunDocument['held']
  readonly leftOut?: readonly PartLeftOut[]
}

/** Shows a dry run. Its lines do what the real run does when they are typed into a shell. */
export const dryRunView = (
  lines: readonly string[],
  writes: readonly WriteDocument[],
  { notes = [], words, hints = [], denied, held, leftOut = [] }: Forecast,
): View<DryRunDocument> => {
  const partial = leftOut.length > 0
  const nothing = lines.length === 0 ? ['nothing to do'] : []
  return {
    lines,
    document: () => ({ dryRun: true, writes, held, leftOut: leftOutDocument(leftOut) }),
    // That nothing is to be done is no reason why parts are left out.
    notes: partial ? [...notes, ...nothing] : notes,
    words: partial ? words : [...words, ...nothing],
    hints,
    partial,
    ...present({ denied }),
  }
}

/** Shows a dry run whose lines are shell commands, not writes to kernel files. */
export const commandsView = (
  lines: readonly string[],
  denied?: HugepoolError,
): View<CommandsDocument> => ({
  ...dryRunView(lines, [], { words: [], denied }),
  document: () => ({ dryRun: true, commands: lines }),
})

const planView = ({ plan, hints, denied }: ChangeDryRun): View<DryRunDocument> => {
  const { leftOut = [] } = plan
  return dryRunView(
    plan.steps.map(({ path, value, policy }) => echoLine(path, value, policy)),
    plan.steps.map(({ path, value, policy }) => ({
      path,
      value,
      mempolicy: policy && { mode: policy.mode, nodes: policy.nodes.map(BigInt) },
    })),
    {
      notes: plan.notes,
      words: [...(plan.forecast ?? []), ...leftOut.map(leftOutWords)],
      hints: [...leftOutHints(leftOut), ...hints],
      denied,
      held: heldDocument(plan),
      leftOut,
    },
  )
}

/** Shows the result of resize or overcommit. */
export const changeView = (
  result: ChangeResult | ChangeDryRun,
): View<ChangesDocument | DryRunDocument> => {
  if (result.kind === 'dry-run') return planView(result)
  const { changes, pools, outcome, restored, words, notes, hints, failure, signal } = result
  const { leftOut } = result
  const rows = (names: readonly string[], style: CellStyle) =>
    textRows({ columns: changeColumns, rows: changeRows(changes) }, names, style)
  return {
    // What was put back has no table: its numbers are no longer there.
    ...(restored ? {} : { rows }),
    document: () => ({
      outcome,
      changes: changes.map(changeDocument),
      pools: poolsDocument(pools),
      leftOut: leftOutDocument(leftOut),
    }),
    notes,
    words,
    hints,
    partial: outcome === 'partial' && !restored,
    ...present({ failure, signal }),
  }
}
