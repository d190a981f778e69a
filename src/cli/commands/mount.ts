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
import { present } from '../../model/words/present.ts'
import {
  type MountResult,
  type MountRun,
  mount as mountHugetlbfs,
} from '../../operations/mounts/mount-hugetlbfs.ts'
import { gridOf } from '../../output/grid.ts'
import { mountDocument } from '../../output/mounts/mount-document.ts'
import { mountColumns } from '../../output/mounts/mount-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import * as option from '../options/mount-option.ts'
import { parsedOf } from '../requests.ts'
import { commandsView } from '../views/change-view.ts'
import { keptWords, persistedDocument } from '../views/persist-view.ts'

interface Request {
  readonly mount: MountRequest
  readonly run: MountRun
}

const resolve = (words: Words): Request => {
  const { operands, values, switches } = words
  const [directory = ''] = operands
  if (directory === '' || directory.includes('\0')) throw usage(`'${directory}' is not a directory`)
  const size = parsedOf(words, option.size, parseLimit)
  const minSize = parsedOf(words, option.minSize, parseLimit)
  const inodes = parsedOf(words, option.nrInodes, parseInodes)
  const mode = parsedOf(words, option.mode, parseMode)
  const flagWords = values[option.options.name] ?? ''
  changedFlags(flagWords, [])
  return {
    mount: present({
      target: absolutePath(directory),
      pageSize: parseSize(values[option.pageSize.name] ?? 'default'),
      ...{ size, minSize, inodes, mode, flagWords },
      user: values[option.uid.name],
      group: values[option.gid.name],
    }),
    run: present({
      mkdir: switches.has(option.mkdir.name),
      remount: switches.has(option.remount.name),
      over: switches.has(option.over.name),
      dryRun: switches.has(option.dryRun.name),
      persist: persistKinds.find((kind) => kind === values[option.persist.name]),
    }),
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
    grid: (names, style) => gridOf({ columns: mountColumns, rows: [mount] }, names, style),
    document: {
      outcome,
      mounts: [mountDocument(mount)],
      differences: different.length > 0 ? different.map((each) => ({ ...each })) : undefined,
      persisted: persisted && [persistedDocument(persisted)],
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

export const mount = define<'mount', Request, MountResult>({
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
  resolve,
  run: ({ mount: request, run }, ports) => mountHugetlbfs(ports, request, run),
  view,
})
