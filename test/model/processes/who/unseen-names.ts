import t from 'tap'
import { unseenDocument, unseenNames } from '../../../../src/model/processes/who/unseen-names.ts'

const unseen = (...pids: readonly number[]) => ({
  unseen: new Map(pids.map((pid) => [pid, { process: { pid, command: 'app' }, bytes: 0n }])),
})

t.test('the first processes are named, the rest is counted', async (t) => {
  t.equal(unseenNames(unseen()), '')
  t.equal(unseenNames(unseen(1)), '1 (app)')
  t.equal(unseenNames(unseen(1, 2, 3)), '1 (app), 2 (app), 3 (app)')
  t.equal(unseenNames(unseen(1, 2, 3, 4)), '1 (app), 2 (app), 3 (app) and 1 more')
})

t.test('a document has their number, and who they are where there are some', async (t) => {
  t.strictSame(unseenDocument([]), { processes: 0n })
  t.strictSame(unseenDocument([1, 7]), { processes: 2n, pids: [1, 7] })
})
