import t from 'tap'
import { seesAll } from '../../../../src/model/processes/who/found-pages.ts'
import { nothingFound, processNumber } from '../../../helpers/found-pages.ts'

t.test('whether every process could be looked into', async (t) => {
  const unseen = new Map([[7, { process: processNumber(7), bytes: 0n }]])
  t.equal(seesAll(nothingFound), true)
  t.equal(seesAll({ ...nothingFound, unseen }), false)
  t.equal(seesAll({ ...nothingFound, hidden: 'users' }), false)
  t.equal(seesAll({ ...nothingFound, hidden: 'namespace' }), false)
})
