import { readMounts } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { mountDocument } from '../../output/mounts/mount-document.ts'
import { mountColumns } from '../../output/mounts/mount-rows.ts'
import { textRows } from '../../output/text-rows.ts'
import { define } from '../command.ts'

/** Says what the table does not show or does not show plainly. */
const remarks = ({ target, pageSize, size, hidden }: HugetlbfsMount): readonly string[] =>
  [
    ...(hidden ? [`the mount with ${formatSize(pageSize)} pages is hidden by a later one`] : []),
    ...(size === 0n ? ['its size is 0: no file there can have a page'] : []),
  ].map((words) => `${target}: ${words}`)

const mountsWords = (found: readonly HugetlbfsMount[]): readonly string[] =>
  found.length === 0 ? ['no hugetlbfs is mounted'] : found.flatMap(remarks)

export const mountsCommand = define<'mounts', undefined, readonly HugetlbfsMount[]>({
  name: 'mounts',
  aliases: [],
  summary: 'show the hugetlbfs mounts',
  details: [
    'Those of this mount namespace, with their limits and guarantees. Needs no privilege; what',
    'cannot be seen without it is shown as - and left out of JSON.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'size' },
  options: [],
  columns: mountColumns,
  examples: [
    { line: 'hugepool mounts', meaning: 'all of them' },
    { line: 'hugepool mounts -o TARGET,PAGE-SIZE,FREE', meaning: 'where there is room' },
    { line: 'hugepool mounts --json | jq .mounts', meaning: 'everything, for a program' },
  ],
  resolve: () => undefined,
  run: async (_, { tree }) => readMounts(tree),
  view: (found) => ({
    rows: (names, style) =>
      textRows({ columns: mountColumns, rows: found }, found.length > 0 ? names : [], style),
    document: () => ({ mounts: found.map(mountDocument) }),
    words: mountsWords(found),
    hints: [],
    partial: false,
  }),
})
