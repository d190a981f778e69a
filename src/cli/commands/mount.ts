import { usage } from '../../errors.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { differenceWords } from '../../model/mounts/desired-mount.ts'
import {
  changedFlags,
  type MountRequest,
  parseInodes,
  parseMode,
  parseMountLimit,
} from '../../model/mounts/mount-request.ts'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import { parseSize } from '../../model/words/page-size.ts'
import {
  type MountOptions,
  type MountResult,
  mountDirectory,
} from '../../operations/mounts/mount-directory.ts'
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
  uidOption,
} from '../options/mount-option.ts'
import { commandsView } from '../views/change-view.ts'
import { persistedDocument, persistedWords } from '../views/persist-view.ts'

interface TypedMount {
  readonly mount: MountRequest
  readonly run: MountOptions
}

const resolve = ({ operands: [directory = ''], values, switches }: Words): TypedMount => {
  if (directory === '' || directory.includes('\0')) throw usage(`'${directory}' is not a directory`)
  const text = ({ name }: { readonly name: string }) => values[name]
  const parsed = <T>(one: { readonly name: string }, parse: (word: string) => T): T | undefined => {
    const word = text(one)
    return word === undefined ? undefined : parse(word)
  }
  const size = parsed(sizeOption, parseMountLimit)
  const minSize = parsed(minSizeOption, parseMountLimit)
  const inodes = parsed(nrInodesOption, parseInodes)
  const mode = parsed(modeOption, parseMode)
  const [user, group] = [text(uidOption), text(gidOption)]
  const flagWords = text(mountFlagsOption) ?? ''
  const persist = persistKinds.find((kind) => kind === text(persistOption))
  changedFlags(flagWords, [])
  return {
    mount: {
      target: absolutePath(directory),
      pageSize: parseSize(text(pageSizeOption) ?? 'default'),
      ...(size && { size }),
      ...(minSize && { minSize }),
      ...(inodes !== undefined && { inodes }),
      ...(user !== undefined && { user }),
      ...(group !== undefined && { group }),
      ...(mode !== undefined && { mode }),
      flagWords,
    },
    run: {
      mkdir: switches.has(mkdirOption.name),
      remount: switches.has(remountOption.name),
      over: switches.has(overOption.name),
      dryRun: switches.has(commandsOption.name),
      ...(persist !== undefined && { persist }),
    },
  }
}

const view = (result: MountResult): View<Document<'mount'>> => {
  const { persisted } = result
  const hints = persisted?.hints ?? []
  if (result.kind === 'dry-run') {
    const shown = commandsView(result.lines)
    return { ...shown, words: [...shown.words, ...(persisted?.words ?? [])], hints }
  }
  const { mount, outcome, different } = result
  return {
    rows: (names, style) => textRows({ columns: mountColumns, rows: [mount] }, names, style),
    document: {
      outcome,
      mounts: [mountDocument(mount)],
      ...(different.length > 0 && { differences: different.map((each) => ({ ...each })) }),
      ...(persisted && { persisted: [persistedDocument(persisted)] }),
    },
    words: [
      ...(outcome === 'unchanged' ? [`${mount.target}: is mounted so already`] : []),
      ...different.map((each) => `${mount.target}: ${differenceWords(each)}`),
      ...(persisted ? persistedWords(persisted, mount.target) : []),
    ],
    hints,
    partial: outcome === 'partial',
  }
}

export const mountCommand = define<'mount', TypedMount, MountResult>({
  name: 'mount',
  aliases: [],
  summary: 'mount hugetlbfs, with limits and guarantees',
  details: [
    'A limit is AMOUNT in whole pages, or N% of the persistent pages of the pool. What would be',
    'a mount that can hold no page, or needs pages that are not available, is refused. The mount',
    'is read back. Where DIR is mounted with the same options already, nothing is done.',
  ],
  operands: { usage: 'DIR', least: 1, most: 1, completes: 'directory' },
  options: [
    pageSizeOption,
    sizeOption,
    minSizeOption,
    nrInodesOption,
    uidOption,
    gidOption,
    modeOption,
    mountFlagsOption,
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
      line: 'hugepool mount /mnt/huge1g --pagesize 1G --size 4G --min-size 2G',
      meaning: 'at most 4G, and 2G of them for certain',
    },
    {
      line: 'hugepool mount /mnt/dpdk --uid dpdk --gid dpdk --mode 0770',
      meaning: 'for one user and one group',
    },
    { line: 'hugepool mount /mnt/huge --persist fstab', meaning: 'and at every start' },
    { line: 'hugepool mount /mnt/huge --remount --options ro', meaning: 'make it read-only' },
  ],
  resolve,
  run: ({ mount: request, run }, ports) => mountDirectory(ports, request, run),
  view,
})
