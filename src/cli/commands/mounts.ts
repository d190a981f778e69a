import { readMounts } from '../../kernel/mounts.ts'
import type { HugetlbfsMount } from '../../model/mount.ts'
import { gridOf } from '../../output/grid.ts'
import { mountDocument } from '../../output/mount-document.ts'
import { mountColumns, shownMountColumns } from '../../output/mount-rows.ts'
import { define } from '../command.ts'

const wordsOf = (found: readonly HugetlbfsMount[]): readonly string[] =>
  found.length === 0
    ? ['no hugetlbfs is mounted']
    : found
        .filter(({ hidden }) => hidden)
        .map(({ target }) => `${target}: a mount there is hidden by a later one`)

export const mounts = define<undefined, readonly HugetlbfsMount[]>({
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
  shown: () => shownMountColumns,
  resolve: () => undefined,
  run: async (_, { tree }) => readMounts(tree),
  view: (found) => ({
    grid: (names, style) =>
      gridOf({ columns: mountColumns, rows: found }, found.length > 0 ? names : [], style),
    document: { mounts: found.map(mountDocument) },
    words: wordsOf(found),
    hints: [],
    partial: false,
  }),
})
