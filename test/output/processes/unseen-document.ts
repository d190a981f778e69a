import t from 'tap'
import { unseenDocument } from '../../../src/output/processes/unseen-document.ts'

const nothing = { pids: [], names: '', directories: 0 }

t.test('a document has what could not be seen, and who it is where there are some', async (t) => {
  t.strictSame(unseenDocument(nothing), { processes: 0n, directories: 0n })
  t.strictSame(unseenDocument({ ...nothing, pids: [1, 7], hidden: 'users', directories: 3 }), {
    processes: 2n,
    pids: [1, 7],
    hidden: true,
    directories: 3n,
  })
})
