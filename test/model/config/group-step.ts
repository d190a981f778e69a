import t from 'tap'
import { usage } from '../../../src/errors.ts'
import { groupItem, shmGroupPath } from '../../../src/model/config/group-step.ts'

const named = { attribute: 'shm-group', key: 'tune.shm-group', essential: true }
const step = (before: bigint, requested: bigint) => ({ path: shmGroupPath, before, requested })

t.test('the group is compared by its number', async (t) => {
  t.equal(shmGroupPath, '/proc/sys/vm/hugetlb_shm_group')
  t.strictSame(groupItem('db', step(70n, 70n)), { ...named, wanted: 70n, found: 70n, state: 'ok' })
  t.strictSame(groupItem('db', step(0n, 70n)), {
    ...named,
    wanted: 70n,
    found: 0n,
    state: 'drift',
    why: 'is another group',
    planned: true,
  })
})

t.test('a group that is not known is named', async (t) => {
  t.strictSame(groupItem('db', { error: usage("there is no group 'db'", 'by number') }), {
    ...named,
    wanted: 'db',
    state: 'missing',
    why: "there is no group 'db'",
    reason: 'wrong-words',
    hints: ['by number'],
  })
})
