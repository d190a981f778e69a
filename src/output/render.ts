import { failureFacts, type HugepoolError, hintKeys } from '../errors.ts'
import { visible, visibleLines } from '../model/etc/octal-escapes.ts'
import type { Json } from '../model/json.ts'
import { unlessEmpty } from '../model/words/present.ts'
import { type Paint, plain } from './colour.ts'
import type { CellStyle } from './columns.ts'
import { jsonText } from './json-text.ts'
import type { ErrorDocument } from './schemas/documents.ts'
import type { PaintedCell } from './table.ts'
import type { TextCell, TextRows } from './text-rows.ts'
import type { View } from './view.ts'

export interface Format extends CellStyle {
  readonly json: boolean
  readonly headings: boolean
  readonly columns: readonly string[]
  /** The columns that are left out where the terminal has no room for them. */
  readonly whereRoom?: readonly string[]
  /** The width of the terminal, in columns; absent where the text goes elsewhere. */
  readonly terminal?: number
  /** Whether text may have other characters than those of ASCII. */
  readonly unicode?: boolean
}

type PaintedRows = readonly (readonly PaintedCell[])[]

const paintedBar = (drawn: NonNullable<TextCell['drawn']>, paint: Paint): string =>
  drawn.map(({ part, text }) => (part === undefined ? text : paint.part(part, text))).join('')

const paintedCell =
  (paint: Paint) =>
  (cell: TextCell): PaintedCell => {
    const { text, tone, drawn } = cell
    if (drawn !== undefined) return { text, paint: () => paintedBar(drawn, paint) }
    return tone === undefined ? cell : { text, paint: (shown) => paint.tone(tone, shown) }
  }

const paintedRows = (table: TextRows, format: Format, paint: Paint): PaintedRows => {
  const rows = paint === plain ? table.rows : table.rows.map((row) => row.map(paintedCell(paint)))
  const headings = table.headings.map((text) => ({ text, paint: paint.heading }))
  return format.headings ? [headings, ...rows] : rows
}

/** Puts one space between fields and adds no padding, for cut(1) and the `read` of a shell. */
const rawText = (rows: PaintedRows): string =>
  rows
    .map((row) =>
      row.map(({ text, paint }) => (paint === undefined ? text : paint(text))).join(' '),
    )
    .join('\n')

/**
 * Columns whose names are variables that shells keep for themselves: bash refuses to set UID and
 * GID, and zsh changes the user of the process by them.
 */
const shellsOwn = ['UID', 'GID']

/**
 * Returns the name of a column as a variable of a shell. A character that no such name has becomes
 * an underscore, as `lsblk --shell` writes it.
 */
const variableName = (heading: string): string =>
  shellsOwn.includes(heading) ? `COLUMN_${heading}` : heading.replace(/[^A-Za-z0-9_]/g, '_')

/**
 * Prints every row as one line of KEY="value", without colour, which would be part of the values.
 */
const pairsText = ({ headings, rows }: TextRows): string => {
  const keys = headings.map(variableName)
  return rows
    .map((row) => row.map(({ text }, index) => `${keys[index]}="${text}"`).join(' '))
    .join('\n')
}

/**
 * Lays out a table. The modules that draw bars and align columns are loaded only where they are
 * needed.
 */
export const tableText = async (made: TextRows, format: Format, paint: Paint): Promise<string> => {
  const table =
    made.bars === undefined
      ? made
      : await (await import('./draw-bars.ts')).withDrawnBars(made, format)
  if (format.pairs) return pairsText(table)
  const rows = paintedRows(table, format, paint)
  if (format.raw) return rawText(rows)
  const { alignedText } = await import('./table.ts')
  return alignedText(rows, table.aligns)
}

const dataText = async (view: View, format: Format, paint: Paint): Promise<string> => {
  if (view.lines !== undefined) return view.lines.map(visibleLines).join('\n')
  const table = view.rows?.(format.columns, format)
  if (table === undefined) return ''
  const more = view.moreRows?.(format)
  const tables = [table, ...(more === undefined ? [] : [more])]
  const texts = await Promise.all(tables.map((each) => tableText(each, format, paint)))
  const filled = texts.filter((text) => text !== '')
  if (format.pairs) return filled.join('\n')
  // A script finds the second raw table after an empty line, even where the first table is empty.
  return (format.raw ? texts : filled).join('\n\n')
}

const errorDocument = (error: HugepoolError): ErrorDocument => ({
  code: error.code,
  reason: error.reason,
  message: error.message,
  ...hintKeys(error.hint),
  signal: error.signal,
  ...error.details,
})

/** Returns the document of a view, with the error that ended the work where there is one. */
const viewDocument = (view: View): Json => ({
  version: 1,
  ...view.document(),
  notes: unlessEmpty([...(view.notes ?? []), ...view.words]),
  hints: unlessEmpty([...(view.noteHints ?? []), ...view.hints]),
  denied: view.denied && failureFacts(view.denied),
  error: view.failure && errorDocument(view.failure),
})

const withNewline = (text: string): string => (text === '' ? '' : `${text}\n`)

export const viewText = async (view: View, format: Format, paint: Paint): Promise<string> =>
  withNewline(format.json ? jsonText(viewDocument(view)) : await dataText(view, format, paint))

/**
 * `notes` are the sentences that standard error had before the error, `done` what was done to the
 * machine by then.
 */
export const errorText = (
  error: HugepoolError,
  notes: readonly string[] = [],
  done: readonly string[] = [],
): string => {
  const told = { ...errorDocument(error), done: unlessEmpty(done) }
  return withNewline(jsonText({ version: 1, notes: unlessEmpty(notes), error: told }))
}

/** The longest text that is shown in full, in characters. An argument may have a megabyte. */
const longest = 1000

/** Leaves out the middle of a long text, and the halves of a character that is cut there. */
const short = (text: string): string => {
  if (text.length <= longest) return text
  const start = text.slice(0, longest / 2).replace(/[\ud800-\udbff]$/, '')
  const end = text.slice(-longest / 2).replace(/^[\udc00-\udfff]/, '')
  return `${start}...${end}`
}

export const sentence = (text: string): string => `hugepool: ${visible(short(text))}\n`

/** Formats a sentence that does not tell why the exit status is not 0. */
export const noteLine = (text: string): string => sentence(`note: ${text}`)

export const hintLine = (text: string): string => `hint: ${visible(short(text))}\n`

/** Formats an error, with one more line for all that was done before it, and for every hint. */
export const errorLines = (
  { message, hint }: HugepoolError,
  paint: Paint,
  done: readonly string[] = [],
): string => {
  const deeds = done.map((deed) => sentence(`done before that: ${deed}`))
  const hints = hint?.split('\n').map(hintLine) ?? []
  return [`${paint.error('hugepool:')} ${visible(short(message))}\n`, ...deeds, ...hints].join('')
}
