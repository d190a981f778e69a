import { unlessEmpty } from '../../model/words/present.ts'
import type { ExportedFile } from '../../operations/config/export-configuration.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'
import { define } from '../command.ts'
import { allMountsOption } from '../options/export-option.ts'

interface ExportRequest {
  readonly all: boolean
}

const view = ({ text, tables, leftOut, unread }: ExportedFile): View<Document<'export'>> => ({
  lines: [text.trimEnd()],
  document: () => ({
    text,
    configuration: tables,
    leftOut: unlessEmpty(leftOut),
  }),
  words: unread,
  hints: [],
  partial: unread.length > 0,
})

export const exportCommand = define<'export', ExportRequest, ExportedFile>({
  details: [
    'Persistent pages by node, overcommit, hugetlbfs mounts and the group for SysV segments, in',
    'the format of hugepool.toml(5). Comments say what is left out, such as surplus pages and what',
    'systemd mounts. Needs no privilege.',
  ],
  operands: { usage: '', least: 0, most: 0, completes: 'size' },
  options: [allMountsOption],
  columns: [],
  examples: [
    { line: 'hugepool export > /etc/hugepool.toml', meaning: 'keep it like this' },
    { line: 'hugepool export --all', meaning: 'with what others mounted' },
    { line: 'hugepool export --json | jq .configuration', meaning: 'for a program' },
  ],
  resolve: ({ switches }) => ({ all: switches.has(allMountsOption.name) }),
  run: async (request, ports) =>
    (await import('../../operations/config/export-configuration.ts')).exportConfiguration(
      ports,
      request,
    ),
  view,
})
