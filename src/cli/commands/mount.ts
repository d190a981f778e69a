import { usage } from '../../errors.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import {
  changedFlags,
  type MountRequest,
  parseInodes,
  parseLimit,
  parseMode,
} from '../../model/mounts/mount-request.ts'
import { differenceWords } from '../../model/mounts/mount-wish.ts'
import { persistKinds } from '../../model/mounts/persist/persist-state.ts'
import { parseSize } from '../../model/words/page-size.ts'
import type { MountResult, MountRun } from '../../operations/mounts/mount-hugetlbfs.ts'
import { gridOf } from '../../output/grid.ts'
import { mountDocument } from '../../output/mounts/mount-document.ts'
import { mountColumns, shownMountColumns } from '../../output/mounts/mount-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import * as option from '../options/mount-option.ts'
import { commandsView } from '../views/change-view.ts'
import { keptWords, persistedDocument } from '../views/persist-view.ts'

interface Request {
  readonly mount: MountRequest
  readonly run: MountRun
}

const resolve = ({ operands: [directory = ''], values, switches }: Words): Request => {
  if (directory === '' || directory.includes('\0')) throw usage(`'${directory}' is not a directory`)
  const text = ({ name }: { readonly name: string }) => values[name]
  const parsed = <T>(one: { readonly name: string }, parse: (word: string) => T): T | undefined => {
    const word = text(one)
    return word === undefined ? undefined : parse(word)
  }
  const size = parsed(option.size, parseLimit)
  const minSize = parsed(option.minSize, parseLimit)
  const inodes = parsed(option.nrInodes, parseInodes)
  const mode = parsed(option.mode, parseMode)
  const [user, group] = [text(option.uid), text(option.gid)]
  const flagWords = text(option.options) ?? ''
  const persist = persistKinds.find((kind) => kind === text(option.persist))
  changedFlags(flagWords, [])
  return {
    mount: {
      target: absolutePath(directory),
      pageSize: parseSize(text(option.pageSize) ?? 'default'),
      ...(size && { size }),
      ...(minSize && { minSize }),
      ...(inodes !== undefined && { inodes }),
      ...(user !== undefined && { user }),
      ...(group !== undefined && { group }),
      ...(mode !== undefined && { mode }),
      flagWords,
    },
    run: {
      mkdir: switches.has(option.mkdir.name),
      remount: switches.has(option.remount.name),
      over: switches.has(option.over.name),
      dryRun: switches.has(option.dryRun.name),
      ...(persist !== undefined && { persist }),
    },
  }
}

const view = (result: MountResult): View => {
  const { persisted } = result
  const hints = persisted?.hints ?? []
  if (result.kind === 'dry-run') {
    const shown = commandsView(result.lines)
    return { ...shown, words: [...shown.words, ...(persisted?.words ?? [])], hints }
  }
  const { mount, outcome, different } = result
  return {
    grid: (names, style) => gridOf({ columns: mountColumns, rows: [mount] }, names, style),
    document: {
      outcome,
      mounts: [mountDocument(mount)],
      ...(different.length > 0 && { differences: different.map((each) => ({ ...each })) }),
      ...(persisted && { persisted: [persistedDocument(persisted)] }),
    },
    words: [
      ...(outcome === 'unchanged' ? [`${mount.target}: is mounted so already`] : []),
      ...different.map((each) => `${mount.target}: ${differenceWords(each)}`),
      ...(persisted ? keptWords(persisted, mount.target) : []),
    ],
    hints,
    partial: outcome === 'partial',
  }
}

export const mount = define<Request, MountResult>({
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
    option.pageSize,
    option.size,
    option.minSize,
    option.nrInodes,
    option.uid,
    option.gid,
    option.mode,
    option.options,
    option.mkdir,
    option.remount,
    option.over,
    option.persist,
    option.dryRun,
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
  shown: () => shownMountColumns,
  resolve,
  run: async ({ mount: request, run }, ports) =>
    (await import('../../operations/mounts/mount-hugetlbfs.ts')).mount(ports, request, run),
  view,
})
