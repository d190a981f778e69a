import { usage } from '../../errors.ts'
import {
  type Summing,
  splitByNode,
  sumHolds,
  summings,
} from '../../model/processes/who/sum-holds.ts'
import { parseSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import type { WhoRequest, WhoResult } from '../../operations/processes/find-page-holders.ts'
import { holdColumns } from '../../output/processes/hold-columns.ts'
import { unseenDocument } from '../../output/processes/unseen-document.ts'
import {
  booksDocument,
  pageHolderDocument,
  sumDocument,
} from '../../output/processes/who-document.ts'
import { textRows } from '../../output/text-rows.ts'
import { define, type Words } from '../command.ts'
import {
  allHoldersOption,
  byOption,
  heldMountOption,
  heldPathOption,
  noAttachOption,
  pidOption,
  splitOption,
} from '../options/who-option.ts'
import { parsePath, parsePid, typedValue } from '../typed-values.ts'

interface TypedWho extends WhoRequest {
  readonly by?: Summing
  readonly rowPerNode: boolean
}

const resolve = (words: Words): TypedWho => {
  const { operands, switches } = words
  const narrowing = [pidOption, heldPathOption, heldMountOption].filter(
    ({ name }) => name in words.values,
  )
  if (narrowing.length > 1)
    throw usage(`--${narrowing[0]?.name} and --${narrowing[1]?.name} exclude each other`)
  return present({
    sizes: operands.map(parseSize),
    everything: switches.has(allHoldersOption.name),
    attach: !switches.has(noAttachOption.name),
    pid: typedValue(words, pidOption, parsePid),
    path: typedValue(words, heldPathOption, parsePath),
    mount: typedValue(words, heldMountOption, parsePath),
    by: typedValue(words, byOption, (text) => summings.find((word) => word === text) ?? 'process'),
    rowPerNode: switches.has(splitOption.name),
  })
}

const shownRows = ({ holds }: WhoResult, { by, rowPerNode }: TypedWho) => {
  const rows = by === undefined ? holds : sumHolds(holds, by)
  return rowPerNode ? splitByNode(rows) : rows
}

export const whoCommand = define<'who', TypedWho, WhoResult>({
  details: [
    'A line for every hold: a mapping, an open file, a file nobody has open, a SysV segment, the',
    'minimum size of a mount. One page can be in several lines; the sentence for each size counts',
    'it once. Without privilege only own processes are looked into; others are counted.',
  ],
  operands: { usage: '[SIZE...]', least: 0, most: Number.POSITIVE_INFINITY, completes: 'size' },
  options: [
    splitOption,
    allHoldersOption,
    byOption,
    pidOption,
    heldPathOption,
    heldMountOption,
    noAttachOption,
  ],
  columns: holdColumns,
  examples: [
    { line: 'hugepool who', meaning: 'every holder of every pool' },
    { line: 'hugepool who 1G -N', meaning: 'those of 1G pages, by node' },
    { line: 'hugepool who --by container', meaning: 'how many pages each container holds' },
    { line: 'hugepool who --by user 2M', meaning: 'how many pages of 2M each user holds' },
    { line: 'hugepool who --json | jq .pools', meaning: 'the account, for a program' },
  ],
  resolve,
  run: async (request, ports) => {
    const { findPageHolders } = await import('../../operations/processes/find-page-holders.ts')
    return findPageHolders(ports, request)
  },
  view: (result, request) => ({
    rows: (names, style) => {
      const rows = shownRows(result, request)
      return textRows({ columns: holdColumns, rows }, rows.length > 0 ? names : [], style)
    },
    document: () => ({
      pools: result.books.map((books) => booksDocument(books, result)),
      holders: result.holds.map(pageHolderDocument),
      sums:
        request.by === undefined ? undefined : sumHolds(result.holds, request.by).map(sumDocument),
      unseen: unseenDocument(result.unseen),
      moved: result.hasMoved ? (true as const) : undefined,
    }),
    notes: result.notes,
    words: result.errors.map(({ message }) => message),
    hints: result.hints,
    partial: result.errors.length > 0,
  }),
})
