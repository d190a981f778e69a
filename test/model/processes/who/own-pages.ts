import t from 'tap'
import { ownCount } from '../../../../src/model/processes/who/own-pages.ts'

t.test('the own pages of a process', async (t) => {
  t.equal(ownCount({ frames: [], alone: 0n, together: 0n }), 0n)
  t.equal(ownCount({ frames: [512, 1024], alone: 3n, together: 10n }), 15n)
})
