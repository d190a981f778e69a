import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { namespaceOf } from '../../src/kernel/namespace-link.ts'
import { answering } from '../helpers/failing-files.ts'
import { temporary } from '../helpers/run.ts'

t.test('the link of each kind is told as it is', async (t) => {
  const proc = temporary(t)
  mkdirSync(join(proc, '7/ns'), { recursive: true })
  symlinkSync('mnt:[4026531841]', join(proc, '7/ns/mnt'))
  t.equal(namespaceOf(join(proc, '7'), 'mnt'), 'mnt:[4026531841]')
  t.equal(namespaceOf(join(proc, '7'), 'ipc'), undefined, 'a kernel without this kind')
  t.equal(namespaceOf(join(proc, '8'), 'mnt'), undefined, 'a process that is gone')
})

t.test('this process sees its own', async (t) => {
  for (const kind of ['ipc', 'mnt', 'pid', 'user'] as const)
    t.match(namespaceOf('/proc/self', kind) ?? '', new RegExp(`^${kind}:\\[\\d+\\]$`))
})

t.test('a lack of memory or descriptors does not pass for another namespace', async (t) => {
  const link = '/proc/7/ns/mnt'
  for (const code of ['ENOMEM', 'EMFILE', 'ENFILE'])
    await t.test(code, async (t) => {
      answering(t, link, code, ['readlinkSync'])
      t.throws(() => namespaceOf('/proc/7', 'mnt'), { code })
    })
  answering(t, link, 'EACCES', ['readlinkSync'])
  t.equal(namespaceOf('/proc/7', 'mnt'), undefined, 'a process that may not be traced')
})
