import t from 'tap'
import { noOwnPages, ownCount } from '../../../../src/model/processes/who/found-pages.ts'

t.test('the own pages of a process', async (t) => {
  t.equal(ownCount(noOwnPages), 0n)
  t.equal(ownCount({ frames: [512, 1024], alone: 3n, together: 10n }), 15n)
})
