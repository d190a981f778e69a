import { usage } from '../../errors.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { differenceWords } from '../../model/mounts/desired-mount.ts'
import { changedFlags } from '../../model/mounts/mount-flags.ts'
import { parseMountLimit, roundedLimit } from '../../model/mounts/mount-limit.ts'
import { alreadyWords } from '../../model/mounts/mount-match.ts'
import { type MountRequest, parseInodes, parseMode } from '../../model/mounts/mount-request.ts'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import { parseSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { MountOptions, MountResult } from '../../operations/mounts/mount-directory.ts'
import { mountDocument } from '../../output/mounts/mount-document.ts'
import { mountColumns } from '../../output/mounts/mount-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  commandsOption,
  gidOption,
  minSizeOption,
  mkdirOption,
  modeOption,
  mountFlagsOption,
  nrInodesOption,
  overOption,
  pageSizeOption,
  persistOption,
  remountOption,
  sizeOption,
  typesOption,
  uidOption,
} from '../options/mount-option.ts'
import { withMountWords } from '../options/mount-words.ts'
import { roundOption } from '../options/option.ts'
import { directoryOperand, typedRounding, typedValue } from '../typed-values.ts'
import { commandsView } from '../views/change-view.ts'
import { persistedDocument, persistedWords } from '../views/persist-view.ts'

interface TypedMount {
  readonly mount: MountRequest
  readonly run: MountOptions
}

/** Drops the source that mount(8) wants before DIR. Throws E_USAGE for a second directory. */
const withoutSource = (words: Words): Words => {
  const { operands, values } = words
  const [source = '', ...directory] = operands
  if (directory.length === 0) return words
  const isNoSource = !(typesOption.name in values) || source.includes('/')
  if (isNoSource) throw usage(`'${directory}' is one word too many for mount`)
  return { ...words, operands: directory }
}

const resolve = (typed: Words): TypedMount => {
  const words = withMountWords(withoutSource(typed))
  const { values, switches } = words
  const directory = directoryOperand(words)
  const round = typedRounding(words)
  const parseLimit = (text: string) => roundedLimit(parseMountLimit(text), round)
  const size = typedValue(words, sizeOption, parseLimit)
  const minSize = typedValue(words, minSizeOption, parseLimit)
  const inodes = typedValue(words, nrInodesOption, parseInodes)
  const mode = typedValue(words, modeOption, parseMode)
  const flagWords = values[mountFlagsOption.name] ?? ''
  changedFlags(flagWords, [])
  return {
    mount: present({
      target: absolutePath(directory),
      pageSize: parseSize(values[pageSizeOption.name] ?? 'default'),
      ...{ size, minSize, inodes, mode, flagWords },
      user: values[uidOption.name],
      group: values[gidOption.name],
    }),
    run: present({
      mkdir: switches.has(mkdirOption.name),
      remount: switches.has(remountOption.name),
      over: switches.has(overOption.name),
      dryRun: switches.has(commandsOption.name),
      persist: persistKinds.find((kind) => kind === values[persistOption.name]),
    }),
  }
}

const view = (result: MountResult): View<Document<'mount'>> => {
  const { persisted } = result
  const noteHints = persisted?.hints ?? []
  if (result.kind === 'dry-run') {
    const shown = commandsView(result.lines, result.denied)
    return {
      ...shown,
      notes: [...result.words, ...(persisted?.words ?? [])],
      noteHints,
    }
  }
  const { mount, outcome, different, unasked, unpersisted } = result
  return {
    rows: (names, style) => textRows({ columns: mountColumns, rows: [mount] }, names, style),
    document: () => ({
      outcome,
      mounts: [mountDocument(mount)],
      differences: different.length > 0 ? different.map((each) => ({ ...each })) : undefined,
      unasked:
        unasked.length > 0
          ? unasked.map(({ option, wanted, found }) => ({ option, usual: wanted, found }))
          : undefined,
      persisted: persisted && [persistedDocument(persisted)],
    }),
    notes: [
      ...(outcome === 'unchanged' || unasked.length > 0
        ? [alreadyWords(mount.target, unasked)]
        : []),
      ...(persisted ? persistedWords(persisted, mount.target) : []),
    ],
    noteHints,
    words: [
      ...different.map((each) => `${mount.target}: ${differenceWords(each)}`),
      ...(unpersisted ? [unpersisted.stays] : []),
    ],
    hints: [],
    partial: outcome === 'partial',
    ...present({ failure: unpersisted?.failure }),
  }
}

export const mountCommand = define<'mount', TypedMount, MountResult>({
  details: [
    'A limit is AMOUNT in whole pages, or N% of the persistent pages of the pool. What would be',
    'a mount that can hold no page, or needs pages that are not available, is refused. The mount',
    'is read back. Where DIR is mounted with the options that were given already, nothing is done.',
  ],
  // With --types a source may stand before DIR.
  operands: { usage: 'DIR', least: 1, most: 2, completes: 'directory' },
  options: [
    pageSizeOption,
    sizeOption,
    minSizeOption,
    roundOption,
    nrInodesOption,
    uidOption,
    gidOption,
    modeOption,
    mountFlagsOption,
    typesOption,
    mkdirOption,
    remountOption,
    overOption,
    persistOption,
    commandsOption,
  ],
  columns: mountColumns,
  examples: [
    { line: 'hugepool mount /mnt/huge --mkdir', meaning: 'for pages of the default size' },
    {
      line: 'hugepool mount /mnt/1g --mkdir --pagesize 1G --size 4G --min-size 1G',
      meaning: 'at most 4G, and 1G of them for certain',
    },
    {
      line: 'hugepool mount /mnt/dpdk --mkdir --uid dpdk --gid dpdk --mode 0770',
      meaning: 'for one user and one group',
    },
    { line: 'hugepool mount /mnt/huge --mkdir --persist fstab', meaning: 'and at every start' },
    {
      line: 'hugepool mount /mnt/pages --mkdir --persist config',
      meaning: 'by the configuration, after its pools',
    },
    { line: 'hugepool mount /mnt/huge --remount --options ro', meaning: 'make it read-only' },
    {
      line: 'hugepool mount /mnt/1g --mkdir --options pagesize=1G,size=4G',
      meaning: 'in the words of mount(8)',
    },
  ],
  resolve,
  run: async ({ mount: request, run }, ports) => {
    const { mountDirectory } = await import('../../operations/mounts/mount-directory.ts')
    const kept = run.persist && (await import('../../operations/config/configured-mounts.ts'))
    const options = present({ ...run, kept: kept?.configuredMounts(ports) })
    const result = await mountDirectory(ports, request, options)
    if (result.kind !== 'dry-run') return result
    const { withMountDenied } = await import('../../operations/processes/mount-denied.ts')
    return withMountDenied(ports, result)
  },
  view,
})
