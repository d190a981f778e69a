import t from 'tap'
import { HugepoolError } from '../../src/errors.ts'
import { plain } from '../../src/output/colour.ts'
import { remarkLines } from '../../src/output/remarks.ts'
import type { View } from '../../src/output/view.ts'

const view: View = {
  document: () => ({}),
  notes: ['a note'],
  noteHints: ['to the note'],
  words: ['a reason'],
  hints: ['to the reason'],
  partial: true,
}
const lines = (shown: View, failed: boolean, quiet = false) =>
  remarkLines(shown, { failed, quiet }, plain)

const note = ['hugepool: note: a note\n', 'hint: to the note\n']
const reason = ['hugepool: a reason\n', 'hint: to the reason\n']

t.test('what tells why the exit status is not 0 is said plainly, the rest is a note', async (t) => {
  t.strictSame(lines(view, true), [...note, ...reason])
  t.strictSame(lines(view, false), [
    'hugepool: note: a note\n',
    'hugepool: note: a reason\n',
    'hint: to the note\n',
    'hint: to the reason\n',
  ])
})

t.test('--quiet leaves notes and their hints out, and nothing else', async (t) => {
  t.strictSame(lines(view, false, true), [], 'nothing beside an exit status of 0')
  t.strictSame(lines(view, true, true), reason)
  const failure = new HugepoolError('E_KERNEL', 'short', 'an error', 'to the error')
  const error = 'hugepool: an error\nhint: to the error\n'
  const [words, hint] = reason
  t.strictSame(lines({ ...view, failure }, true, true), [words, error, hint], 'hints come last')
})

t.test('a view may have no notes', async (t) => {
  const { notes, noteHints, ...bare } = view
  t.strictSame([notes, noteHints], [['a note'], ['to the note']])
  t.strictSame(lines(bare, true), reason)
})
