import { usage } from '../../errors.ts'
import {
  type CopyRequest,
  checkCopy,
  standardStream,
} from '../../model/mapping/copying/copy-request.ts'
import {
  type CopiedFile,
  copyNotes,
  type PlannedCopy,
  plannedNotes,
} from '../../model/mapping/copying/copy-result.ts'
import { parseNodes } from '../../model/words/node-list.ts'
import { present } from '../../model/words/present.ts'
import { copyDocument, plannedCopyDocument } from '../../output/mapping/cp-document.ts'
import { type CopyRow, copyColumns } from '../../output/mapping/cp-rows.ts'
import type { CopyDocument, PlannedCopyDocument } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import { define, type Words } from '../command.ts'
import {
  copyDryRunOption,
  copyNodeOption,
  forceOption,
  preserveOption,
  verifyCopyOption,
} from '../options/cp-option.ts'
import { jsonOption, noProgressOption } from '../options/option.ts'
import { typedValue } from '../typed-values.ts'

const resolve = (words: Words): CopyRequest => {
  const { switches, operands } = words
  const [source = '', target = ''] = operands
  const request = checkCopy(
    present({
      source,
      target,
      nodes: typedValue(words, copyNodeOption, parseNodes),
      force: switches.has(forceOption.name),
      preserve: switches.has(preserveOption.name),
      verify: switches.has(verifyCopyOption.name),
      dryRun: switches.has(copyDryRunOption.name),
    }),
  )
  if (target === standardStream && switches.has(jsonOption.name) && !request.dryRun)
    throw usage('--json and - exclude each other: standard output has the data')
  return request
}

const copyRows =
  (row: CopyRow): NonNullable<View['rows']> =>
  (names, style) =>
    textRows({ columns: copyColumns, rows: [row] }, names, style)

const copiedView = (copied: CopiedFile): View<CopyDocument> => ({
  ...(copied.plan.target === standardStream ? {} : { rows: copyRows(copied) }),
  document: () => copyDocument(copied),
  notes: copyNotes(copied),
  words: [],
  hints: [],
  partial: false,
})

const plannedCopyView = (planned: PlannedCopy): View<PlannedCopyDocument> => ({
  rows: copyRows(planned),
  document: () => plannedCopyDocument(planned),
  notes: plannedNotes(planned.plan),
  words: [],
  hints: [],
  partial: false,
  ...present({ denied: planned.denied }),
})

export const cpCommand = define<'cp', CopyRequest, CopiedFile | PlannedCopy>({
  details: [
    'TARGET is a file or a directory; FILE or TARGET can be -, for standard input or output. One',
    'of the two is on hugetlbfs, which write(2) refuses: its pages are mapped. The copy there is',
    'rounded up to whole pages. It gets its name when it is whole; until then it has none.',
  ],
  operands: { usage: 'FILE TARGET', least: 2, most: 2, completes: 'file' },
  options: [
    forceOption,
    preserveOption,
    copyNodeOption,
    verifyCopyOption,
    copyDryRunOption,
    noProgressOption,
  ],
  columns: copyColumns,
  examples: [
    { line: 'hugepool cp model.bin /mnt/huge', meaning: 'as /mnt/huge/model.bin' },
    { line: 'hugepool cp model.bin /mnt/huge/m --node 1', meaning: 'with its pages on node 1' },
    { line: 'hugepool cp /mnt/huge/model dump.bin --verify', meaning: 'and back again' },
    { line: 'hugepool cp - /mnt/huge/m < /dev/sdb1', meaning: 'what comes from elsewhere' },
    { line: 'hugepool cp model.bin /mnt/huge --dry-run', meaning: 'is there room for it?' },
  ],
  resolve,
  run: async (request, ports) =>
    (await import('../../operations/mapping/copying/copy-file.ts')).copyFile(ports, request),
  view: (result) => (result.kind === 'copied' ? copiedView(result) : plannedCopyView(result)),
})
