import { holderLines } from '../../model/mounts/holder-lines.ts'
import {
  type StartEntry,
  startEntryDocument,
  startEntryHints,
  startEntryWords,
} from '../../model/mounts/persist/start-entry.ts'
import { umountWords } from '../../model/mounts/umount-change.ts'
import { forecastWords } from '../../model/mounts/umount-forecast.ts'
import { present } from '../../model/words/present.ts'
import type { PersistResult } from '../../operations/mounts/persist-result.ts'
import type {
  UmountOptions,
  UmountRequest,
  UmountResult,
} from '../../operations/mounts/umount-directory.ts'
import type { AccountedUmount } from '../../operations/processes/umount-account.ts'
import { forecastDocument, umountDocument } from '../../output/mounts/umount-document.ts'
import { umountColumns } from '../../output/mounts/umount-rows.ts'
import { poolsDocument } from '../../output/pools/pool-document.ts'
import type {
  Document,
  UmountForecastDocument,
  UnmountedDocument,
} from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import { commandsOption } from '../options/mount-option.ts'
import { lazyOption, unpersistOption } from '../options/option.ts'
import { directoryOperand } from '../typed-values.ts'
import { commandsView } from '../views/change-view.ts'
import { persistedDocument, unpersistedWords } from '../views/persist-view.ts'

type TypedUmount = UmountRequest & UmountOptions

/** The result, and what mounts the directory again at the next start. */
type ShownUmount = AccountedUmount & { readonly again: readonly StartEntry[] }

const resolve = (words: Words): TypedUmount => {
  const { switches } = words
  return {
    directory: directoryOperand(words),
    lazy: switches.has(lazyOption.name),
    dryRun: switches.has(commandsOption.name),
    unpersist: switches.has(unpersistOption.name),
  }
}

/** Shows the mount that was removed. The caller adds what --persist removed. */
const removedView = (
  result: Exclude<UmountResult, { kind: 'dry-run' }>,
): View<UnmountedDocument> => {
  if (result.kind === 'unpersisted')
    return {
      rows: (_, style) => textRows({ columns: umountColumns, rows: [] }, [], style),
      document: () => ({ outcome: 'done', mounts: [], pools: poolsDocument(result.pools) }),
      notes: [`${result.target}: nothing is mounted there`],
      noteHints: [],
      words: [],
      hints: [],
      partial: false,
    }
  const { unmounted, pools } = result
  return {
    rows: (names, style) => textRows({ columns: umountColumns, rows: [unmounted] }, names, style),
    document: () => umountDocument(unmounted, pools),
    notes: umountWords(unmounted),
    noteHints:
      unmounted.keepers.found.length > 0
        ? holderLines(unmounted.keepers, { pageSize: unmounted.mount.pageSize })
        : [],
    words: [],
    hints: [],
    partial: false,
  }
}

const hintsOf = (dropped: readonly PersistResult[]): readonly string[] => [
  ...new Set(dropped.flatMap((each) => each.hints)),
]

const nothingWritten = ({ target, dropped }: UmountResult): readonly string[] =>
  dropped?.length === 0 ? [`${target}: hugepool wrote nothing that mounts it at a start`] : []

const forecastView = (
  result: Extract<ShownUmount, { kind: 'dry-run' }>,
): View<UmountForecastDocument> => {
  const { dropped = [], forecast, lines, again, target, denied } = result
  const shown = commandsView([...lines, ...dropped.flatMap((each) => each.lines)], denied)
  return {
    ...shown,
    document: () => ({
      ...shown.document(),
      ...forecastDocument(forecast),
      mountedAgain: startEntryDocument(again),
    }),
    notes: [
      ...(forecast === undefined ? [] : forecastWords(forecast)),
      ...dropped.flatMap(({ words }) => words),
      ...nothingWritten(result),
      ...startEntryWords(again, target),
    ],
    noteHints: [
      ...(forecast === undefined ? [] : holderLines(forecast.holders, forecast.mount)),
      ...hintsOf(dropped),
      ...startEntryHints(again, target),
    ],
  }
}

const view = (result: ShownUmount): View<Document<'umount'>> => {
  const { dropped = [], target, failure, again } = result
  if (result.kind === 'dry-run') return forecastView(result)
  const removed = removedView(result)
  return {
    ...removed,
    document: () => ({
      ...removed.document(),
      persisted: result.dropped && dropped.map(persistedDocument),
      mountedAgain: startEntryDocument(again),
    }),
    notes: [
      ...(removed.notes ?? []),
      ...(result.unaccounted ?? []),
      ...unpersistedWords(dropped, target),
      ...nothingWritten(result),
      ...startEntryWords(again, target),
    ],
    noteHints: [
      ...(removed.noteHints ?? []),
      ...hintsOf(dropped),
      ...startEntryHints(again, target),
    ],
    // The mount is gone, so that an error after that leaves the work partial.
    partial: failure !== undefined && result.kind === 'unmounted',
    ...present({ failure }),
  }
}

export const umountCommand = define<'umount', TypedUmount, ShownUmount>({
  details: [
    'Takes the topmost mount on DIR, and nothing but hugetlbfs. Its files go away with it. Where',
    'it is busy, those who hold it are named, as far as permission allows to see them.',
  ],
  operands: { usage: 'DIR', least: 1, most: 1, completes: 'mount' },
  options: [lazyOption, unpersistOption, commandsOption],
  columns: umountColumns,
  examples: [
    { line: 'hugepool umount /mnt/huge', meaning: 'its pages come back to the pool' },
    { line: 'hugepool umount /mnt/huge --lazy', meaning: 'even if it is busy' },
    { line: 'hugepool umount /mnt/huge --persist', meaning: 'and not at the next start either' },
    { line: 'hugepool umount /mnt/huge --dry-run', meaning: 'what would be lost, who holds it?' },
  ],
  resolve,
  run: async (request, ports) => {
    const { umountDirectory } = await import('../../operations/mounts/umount-directory.ts')
    // It is loaded beforehand, so that the result is told even where the kernel lacks memory or
    // descriptors to load more.
    const start = request.unpersist
      ? undefined
      : await import('../../operations/mounts/entries-at-start.ts')
    const { keptAtStart, mountsToUnkeep } = await import(
      '../../operations/config/mounts-at-start.ts'
    )
    const kept = request.unpersist ? await mountsToUnkeep(ports) : undefined
    const { holderFinder } = await import('../../operations/processes/umount-holders.ts')
    const options = present({ ...request, kept })
    const result = await umountDirectory(ports, request, options, holderFinder(ports))
    const { target } = result
    const again =
      start === undefined
        ? []
        : [...start.entriesAtStart(ports.tree, target), ...(await keptAtStart(ports, target))]
    if (result.kind !== 'dry-run') {
      const { withUnaccounted } = await import('../../operations/processes/umount-account.ts')
      return { ...withUnaccounted(ports, result), again }
    }
    const { withUmountDenied } = await import('../../operations/processes/mount-denied.ts')
    return { ...withUmountDenied(ports, result), again }
  },
  view,
})
