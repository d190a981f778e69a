import t from 'tap'
import { stateOf } from '../../../../src/model/processes/files/file-state.ts'
import type { Use } from '../../../../src/model/processes/files/huge-file.ts'

const user = (use: Use) => ({ pid: 1, command: 'a', use })

t.test('the strongest use that was seen', async (t) => {
  const rest = { isLocked: false, isComplete: true }
  t.equal(stateOf({ users: [user('open'), user('mapped')], ...rest }), 'mapped')
  t.equal(stateOf({ users: [user('open')], ...rest, isLocked: true }), 'open')
  t.equal(stateOf({ users: [], ...rest, isLocked: true }), 'locked')
  t.equal(stateOf({ users: [user('locked')], ...rest }), 'locked')
})

t.test('nobody was seen', async (t) => {
  for (const [isComplete, lease, state] of [
    [true, undefined, 'left'],
    [true, true, 'left'],
    [true, false, 'open'],
    [false, undefined, 'unknown'],
    [false, true, 'left'],
    [false, false, 'open'],
  ] as const)
    t.equal(
      stateOf({ users: [], isLocked: false, isComplete, ...(lease !== undefined && { lease }) }),
      state,
      `${isComplete} ${lease}`,
    )
})
