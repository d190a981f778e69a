import { amissWords } from '../../model/config/refuse-unless-all.ts'
import { noConfiguration, poolLinesOfStart, stateWords } from '../../model/config/state-words.ts'
import { isAmiss } from '../../model/config/whole-state.ts'
import { present } from '../../model/words/present.ts'
import type { ApplyDryRun } from '../../operations/config/apply-configuration.ts'
import type { ApplyResult } from '../../operations/config/apply-result.ts'
import {
  configChangeDocument,
  itemDocument,
  nextBootDocument,
  skippedDocument,
  unnamedDocument,
} from '../../output/config/item-document.ts'
import { configChangeColumns } from '../../output/config/item-rows.ts'
import { poolsDocument } from '../../output/pools/pool-document.ts'
import type {
  AppliedDocument,
  Document,
  PlannedApplyDocument,
} from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { commandsView } from './change-view.ts'

type ApplyView = View<Document<'apply'>>

/** Returns the part of the document that a dry run and a real run have in common. */
const wholeDocument = (result: ApplyDryRun | ApplyResult) => {
  const { state, items, changes, unnamed, files, skipped, positions } = result
  return {
    state,
    ...nextBootDocument(items),
    // An item that is as wanted already is no change.
    changes: changes.filter(({ outcome }) => outcome !== 'unchanged').map(configChangeDocument),
    items: items.map(itemDocument(positions)),
    unnamed: unnamedDocument(unnamed),
    files,
    skipped: skippedDocument(skipped),
  }
}

/** Says which mounts stay although no file names them any more. */
const unnamedWords = ({ unnamed }: ApplyDryRun | ApplyResult): readonly string[] =>
  unnamed.flatMap(({ target, isPruned }) =>
    isPruned ? [] : [`${target}: was mounted by an earlier apply, and no file names it any more`],
  )

const unnamedHints = (result: ApplyDryRun | ApplyResult): readonly string[] =>
  unnamedWords(result).length === 0 ? [] : ["'hugepool apply --prune' unmounts it"]

const plannedView = (result: ApplyDryRun): ApplyView => {
  const { lines, denied, items, plan, files } = result
  const amiss = items.filter((item) => isAmiss(item) && item.planned !== true)
  const planned: View<PlannedApplyDocument> = {
    ...commandsView(lines, denied),
    document: () => ({ ...wholeDocument(result), dryRun: true, commands: lines }),
    notes: [
      ...(files.length === 0 ? [noConfiguration] : []),
      ...plan.pages.notes,
      ...unnamedWords(result),
      ...(lines.length === 0 ? ['nothing to do'] : []),
    ],
    noteHints: unnamedHints(result),
    words: amiss.map(amissWords),
    hints: [...new Set(amiss.flatMap(({ hints = [] }) => hints))],
    partial: amiss.length > 0,
  }
  return planned
}

const wholeWords = ({ files, items }: ApplyResult): string =>
  files.length === 0 ? noConfiguration : stateWords(items)

const appliedView = (result: ApplyResult): View<AppliedDocument> => {
  const { changes, outcome, pools, restored, words, hints, failure, signal } = result
  const partial = outcome === 'partial' && !restored
  // The sentence about the whole then tells why the exit status is not 0.
  const isReason = partial || failure !== undefined || signal !== undefined
  const whole = [wholeWords(result)]
  return {
    // What was put back has no table: its values are no longer there.
    ...(!restored && {
      rows: (names, style) =>
        textRows({ columns: configChangeColumns, rows: changes }, names, style),
    }),
    document: () => ({ ...wholeDocument(result), outcome, pools: poolsDocument(pools) }),
    notes: [...(isReason ? [] : whole), ...unnamedWords(result)],
    noteHints: unnamedHints(result),
    words: isReason ? [...whole, ...words] : words,
    hints,
    partial,
    ...present({ failure, signal }),
  }
}

/**
 * Shows a start as lines for the journal. The last line says how the whole is, because `systemctl
 * status` shows the last ones. Where something falls short, essential or not, that line comes after
 * the reasons and the hints.
 */
const startView = (result: ApplyResult): View<AppliedDocument> => {
  const { rows: _, ...view } = appliedView(result)
  const { changes, words, hints } = result
  const lines = poolLinesOfStart(changes)
  const whole = wholeWords(result)
  const notes = unnamedWords(result)
  if (!view.partial && words.length === 0)
    return { ...view, lines: [...lines, whole], notes, words }
  // Hints on what may fall short would come after that sentence.
  const noteHints = view.partial ? [...unnamedHints(result), ...hints] : []
  return { ...view, lines, notes, noteHints, words: [...words, whole], hints: [] }
}

/** Shows what became of a configuration, or the command lines that do the same. */
export const applyView = (result: ApplyDryRun | ApplyResult, isBoot: boolean): ApplyView => {
  if (result.kind === 'dry-run') return plannedView(result)
  return isBoot ? startView(result) : appliedView(result)
}
