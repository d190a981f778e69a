import t from 'tap'
import {
  groupOnMachine,
  hasCapability,
  holdsIpcLock,
  isInGroup,
  isInMachineGroup,
} from '../../../src/model/processes/process-identity.ts'

const who = { user: 1n, group: 2n, groups: [3n], capabilities: 1n << 14n, ofMachine: true }

t.test('a capability counts on the machine', async (t) => {
  t.ok(hasCapability(who, 'CAP_IPC_LOCK'))
  t.notOk(hasCapability(who, 'CAP_DAC_OVERRIDE'))
  t.ok(hasCapability({ ...who, capabilities: 2n }, 'CAP_DAC_OVERRIDE'))
  const inside = { ...who, ofMachine: false }
  t.notOk(hasCapability(inside, 'CAP_IPC_LOCK'))
  t.ok(holdsIpcLock(inside))
  t.notOk(holdsIpcLock({ ...who, capabilities: 0n }))
})

t.test('a group is the own one or a supplementary one', async (t) => {
  t.strictSame(
    [1n, 2n, 3n].map((group) => isInGroup(who, group)),
    [false, true, true],
  )
})

t.test('a group of a user namespace is another one on the machine', async (t) => {
  const inside = { ...who, groupMap: [{ inside: 2n, outside: 500n, count: 1n }] }
  t.equal(groupOnMachine(who, 2n), 2n)
  t.equal(groupOnMachine(inside, 2n), 500n)
  t.equal(groupOnMachine(inside, 3n), undefined)
  t.strictSame(
    [2n, 3n, 4n].map((group) => isInMachineGroup(who, group)),
    [true, true, false],
  )
  t.strictSame(
    [500n, 2n].map((group) => isInMachineGroup(inside, group)),
    [true, undefined],
    'group 3 may be any group of the machine',
  )
  t.equal(isInMachineGroup({ ...inside, groups: [] }, 2n), false)
})
