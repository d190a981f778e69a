import t from 'tap'
import { unseenIn, unseenNames } from '../../../../src/model/processes/who/unseen.ts'
import { nothingFound } from '../../../helpers/found-pages.ts'

const unseen = (...pids: readonly number[]) => ({
  unseen: new Map(pids.map((pid) => [pid, { process: { pid, command: 'app' }, bytes: 0n }])),
})

t.test('the first processes are named, the rest is counted', async (t) => {
  t.equal(unseenNames(unseen()), '')
  t.equal(unseenNames(unseen(1)), '1 (app)')
  t.equal(unseenNames(unseen(1, 2, 3)), '1 (app), 2 (app), 3 (app)')
  t.equal(unseenNames(unseen(1, 2, 3, 4)), '1 (app), 2 (app), 3 (app) and 1 more')
})

t.test('all that could not be looked into', async (t) => {
  t.strictSame(unseenIn(nothingFound), {
    pids: [],
    names: '',
    directories: 0,
  })
  const unread = [
    { size: 2n ** 21n, path: '/a' },
    { size: 2n ** 21n, path: '/b' },
  ]
  t.strictSame(unseenIn({ ...nothingFound, ...unseen(1, 7), unread, hidden: 'users' }), {
    pids: [1, 7],
    names: '1 (app), 7 (app)',
    hidden: 'users',
    directories: 2,
  })
})
