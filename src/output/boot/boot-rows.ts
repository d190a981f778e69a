import { formatRange, type SeriesRange } from '../../model/boot/kernel-series.ts'
import type { WordFate } from '../../model/boot/read-line.ts'
import type { Pages } from '../../model/words/count.ts'
import type { NodeId } from '../../model/words/node-list.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { type Column, column, onRequest } from '../columns.ts'

/** A word of a line, or the line as a whole, with what came of it. */
export interface BootRow extends Partial<Omit<WordFate, 'result'>> {
  readonly result: WordFate['result'] | 'differs'
  readonly instead?: string
  /** The kernels that it is about, where they are others than the one that was asked about. */
  readonly kernels?: SeriesRange
}

const isWrong = ({ result }: BootRow): boolean => result !== 'used'

export const bootColumns: readonly Column<BootRow>[] = [
  onRequest(
    column('PLACE', 'the character at which it begins, from 1', ({ word }) =>
      word === undefined ? undefined : word.at + 1,
    ),
  ),
  column('WORD', 'the word, as it stands on the line', ({ word }) => word?.text, 'left'),
  column('MEANS', 'what it asks for', ({ means }) => means, 'left'),
  {
    ...column(
      'RESULT',
      'used, overridden, ignored, dropped, short, no-boot or differs',
      ({ result }) => result,
      'left',
    ),
    tone: (row) => (isWrong(row) ? 'wrong' : undefined),
  },
  column('WHY', 'what the kernel says of it, or why', ({ message, why }) => message ?? why, 'left'),
  onRequest(column('INSTEAD', 'what to write instead', ({ instead }) => instead, 'left')),
  onRequest(
    column(
      'KERNELS',
      'the kernels that make something else of the line',
      ({ kernels }) => kernels && formatRange(kernels),
      'left',
    ),
  ),
]

/** The pages of a size, of the machine or of one node. */
export interface BootPoolRow {
  readonly size: PageSize
  readonly node?: NodeId
  readonly isDefault: boolean
  readonly predicted: Pages
  readonly found?: Pages
}

const sizeColumn: Column<BootPoolRow> = column('SIZE', 'the page size', ({ size }) => ({
  bytes: size,
}))

/** The table of pools below that of the words. */
export const bootPoolColumns: readonly Column<BootPoolRow>[] = [
  sizeColumn,
  column('NODE', 'the node; - for the whole machine', ({ node }) => node),
  column('DEFAULT', 'whether it is the default size', ({ isDefault }) => isDefault),
  column('PREDICTED', 'the pages that the line comes to', ({ predicted }) => predicted),
  {
    ...column('FOUND', 'the pages that there are', ({ found }) => found),
    tone: ({ found, predicted }) =>
      found !== undefined && found !== predicted ? 'wrong' : undefined,
  },
]
