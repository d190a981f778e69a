import { type MountTable, readMountTable } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { unknownLineWords } from '../../kernel/mounts/mountinfo.ts'
import { isUnderstood, type ShownMount, unclearWords } from '../../model/mounts/hugetlbfs-mount.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { shownMountDocument } from '../../output/mounts/mount-document.ts'
import { mountColumns } from '../../output/mounts/mount-rows.ts'
import { textRows } from '../../output/text-rows.ts'
import { define } from '../command.ts'

const withPages = ({ pageSize }: ShownMount): string =>
  pageSize === undefined ? '' : ` with ${formatSize(pageSize)} pages`

/** Says what the table does not show or does not show plainly. */
const remarks = (mount: ShownMount): readonly string[] => {
  const { target, size, hidden, shares = [] } = mount
  const words = [
    ...(hidden ? [`the mount${withPages(mount)} is hidden by a later one`] : []),
    ...(size === 0n ? ['its size is 0: no file there can have a page'] : []),
    ...shares.map(
      (share) => `${share} was a share of the pool when it was mounted: its bytes are not known`,
    ),
  ]
  return words.map((each) => `${target}: ${each}`)
}

const isWhole = ({ mounts, unknown }: MountTable): boolean =>
  unknown.length === 0 && mounts.every(isUnderstood)

const mountsNotes = ({ mounts, unknown }: MountTable): readonly string[] => [
  ...(mounts.length === 0 && unknown.length === 0 ? ['no hugetlbfs is mounted'] : []),
  ...mounts.flatMap(remarks),
]

/** Says what keeps the table from being whole. */
const mountsWords = ({ mounts, unknown }: MountTable): readonly string[] => [
  ...mounts.filter((mount) => !isUnderstood(mount)).map(unclearWords),
  ...unknown.map(unknownLineWords),
]

export const mountsCommand = define<'mounts', undefined, MountTable>({
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
  run: async (_, { tree }) => readMountTable(tree),
  view: (table) => ({
    rows: (names, style) =>
      textRows(
        { columns: mountColumns, rows: table.mounts },
        table.mounts.length > 0 ? names : [],
        style,
      ),
    document: () => ({
      mounts: table.mounts.map(shownMountDocument),
      unknownLines: table.unknown.length > 0 ? table.unknown : undefined,
    }),
    notes: mountsNotes(table),
    words: mountsWords(table),
    hints: [],
    partial: !isWhole(table),
  }),
})
