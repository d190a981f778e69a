import type { Paint } from './colour.ts'
import { errorLines, hintLine, noteLine, sentence } from './render.ts'
import type { View } from './view.ts'

/** Whether the exit status is another than 0, and whether --quiet leaves notes out. */
export interface RemarkStyle {
  readonly failed: boolean
  readonly quiet: boolean
}

/**
 * Returns the notes of a view and the hints to them, with what a dry run tells of a missing right.
 */
export const notesOf = ({ notes = [], noteHints = [], denied }: View) => ({
  notes: [
    ...notes,
    ...(denied === undefined ? [] : [`the real run would be refused: ${denied.message}`]),
  ],
  noteHints: [...noteHints, ...(denied?.hint?.split('\n') ?? [])],
})

/**
 * Returns the lines about a result for standard error. A sentence that tells why the exit status is
 * not 0 is always said, and not as a note. Every other sentence is a note, and --quiet leaves out
 * the notes with their hints, so that a status of 0 leaves nothing there.
 */
export const remarkLines = (
  view: View,
  { failed, quiet }: RemarkStyle,
  paint: Paint,
): readonly string[] => {
  const { words, hints, failure } = view
  const { notes, noteHints } = notesOf(view)
  const hintLines = (texts: readonly string[]) => texts.map(hintLine)
  const noted = [...notes, ...(failed ? [] : words)].map(noteLine)
  const notedHints = hintLines([...noteHints, ...(failed ? [] : hints)])
  return [
    ...(quiet ? [] : [...noted, ...notedHints]),
    ...(failed ? words.map(sentence) : []),
    ...(failure === undefined ? [] : [errorLines(failure, paint)]),
    ...(failed ? hintLines(hints) : []),
  ]
}
