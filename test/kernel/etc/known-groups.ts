import t from 'tap'
import { asksForGroups, readGroupIds } from '../../../src/kernel/etc/known-groups.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

t.test('the numbers of groups', async (t) => {
  const text = 'root:x:0:\napp:x:1001:a,b\nbroken\nodd:x:1x:\n'
  t.strictSame(readGroupIds(writerStage(t, { '/etc/group': text }).tree), new Set([0n, 1001n]))
  t.equal(readGroupIds(writerStage(t, {}).tree), undefined)
})

t.test('other sources of groups', async (t) => {
  const asks = (line: string) =>
    asksForGroups(writerStage(t, { '/etc/nsswitch.conf': `passwd: ldap\n${line}\n` }).tree)
  t.strictSame(
    [
      'group: files sss',
      'group:\tfiles [SUCCESS=merge] systemd',
      'group: compat # ldap',
      'hosts: dns',
      `${'\n'.repeat(400_000)} group: sss`,
    ].map(asks),
    [true, false, false, false, true],
  )
  t.equal(asksForGroups(writerStage(t, {}).tree), false)
})
