import t from 'tap'
import { isRootUser, knowsUser, ownUser } from '../../src/kernel/own-user.ts'

t.test('the user of this process', async (t) => {
  t.equal(ownUser(), process.geteuid?.())
})

t.test('whom a user namespace knows', async (t) => {
  const whole = '         0          0 4294967295\n'
  t.ok(knowsUser(whole, 0))
  t.ok(knowsUser(whole, 65534))
  const alone = '         0       1000          1\n'
  t.ok(knowsUser(alone, 0))
  t.notOk(knowsUser(alone, 1))
  const two = '0 1000 1\n1 100000 65536\n'
  t.ok(knowsUser(two, 65534))
  t.ok(knowsUser(two, 65536))
  t.notOk(knowsUser(two, 65537))
  t.notOk(knowsUser('', 0))
})

t.test('who is root here', async (t) => {
  t.ok(isRootUser(0))
  t.notOk(isRootUser(1000))
  t.notOk(isRootUser(65534), 'nobody is a user of this machine')
})
