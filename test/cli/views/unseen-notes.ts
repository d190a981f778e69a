import t from 'tap'
import { unreadNotes, unseenNotes } from '../../../src/cli/views/unseen-notes.ts'

const nothing = { pids: [], names: '', directories: 0 }
const notes = (unseen: Partial<Parameters<typeof unseenNotes>[0]>) =>
  unseenNotes({ ...nothing, ...unseen }, 'may have files open')

t.test('what could not be seen, and what it may have', async (t) => {
  t.strictSame(notes({}), [])
  t.strictSame(notes({ pids: [7], names: '7 (app)' }), [
    'process 7 (app) could not be looked into, and may have files open',
  ])
  t.strictSame(notes({ pids: [1, 7], names: '1 (a), 7 (b)', hidden: 'users' }), [
    '2 processes could not be looked into, and may have files open: 1 (a), 7 (b)',
    'there may be processes of other users, which /proc hides (hidepid): they may have files open',
  ])
})

t.test('directories that could not be looked at', async (t) => {
  const said = (directories: number) => unreadNotes({ ...nothing, directories })
  t.strictSame(said(0), [])
  t.strictSame(said(1), ['1 directory could not be looked at, and may have files'])
  t.strictSame(said(2), ['2 directories could not be looked at, and may have files'])
})
