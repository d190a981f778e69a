import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readPrivilege } from '../../../src/kernel/processes/read-privilege.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { temporary } from '../../helpers/run.ts'

const status = (user: number, capabilities = '000001ffffffffff'): string =>
  `Name:\tnode\nUid:\t7\t${user}\t8\t9\nCapPrm:\t0\nCapEff:\t${capabilities}\n`

const process = (t: Test, files: Readonly<Record<string, string>>, namespace?: string) => {
  const root = temporary(t)
  const self = join(root, 'proc/self')
  mkdirSync(join(self, 'ns'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(self, name), text)
  if (namespace !== undefined) symlinkSync(namespace, join(self, 'ns/user'))
  return directoryTree(root)
}

const whole = '         0          0 4294967295\n'
const every = 0x1ffffffffffn
const machine = 'user:[4026531837]'

t.test('a process of the machine', async (t) => {
  const root = { user: 0n, ofMachine: true, rootOutside: 0n, capabilities: every }
  const files = { status: status(0), uid_map: whole }
  t.strictSame(readPrivilege(process(t, files, machine)), root)
  t.strictSame(readPrivilege(process(t, files)), root, 'the inode cannot be seen')
  t.strictSame(readPrivilege(process(t, { status: status(65534, '0000000000000000') })), {
    user: 65534n,
    ofMachine: true,
    capabilities: 0n,
  })
})

t.test('a process in a user namespace', async (t) => {
  const inside = (uid_map: string, namespace?: string) => {
    const found = readPrivilege(process(t, { status: status(0), uid_map }, namespace))
    return [found?.ofMachine, found?.rootOutside]
  }
  const other = 'user:[4026532999]'
  t.strictSame(inside('         0      65534          1\n', other), [false, 65534n])
  t.strictSame(inside('         0     100000      65536\n'), [false, 100_000n])
  t.strictSame(inside('  1 100001 65535\n  0   1000     1\n', other), [false, 1000n])
  t.strictSame(inside('', other), [false, undefined], 'nobody is mapped')
  t.strictSame(inside(whole, other), [false, 0n], 'the map of the machine')
  t.strictSame(inside('0 0 1\n1 1 4294967294\n'), [false, 0n])
})

t.test('without a /proc nothing is known', async (t) => {
  t.equal(readPrivilege(process(t, {})), undefined)
  t.equal(readPrivilege(process(t, { status: 'Uid:\tgarbage\nCapEff:\t0\n' })), undefined)
  t.equal(readPrivilege(process(t, { status: 'Uid:\t0\t0\t0\t0\n' })), undefined)
})
