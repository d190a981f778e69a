import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  processFinder,
  processOf,
  recordedProcess,
  userNames,
} from '../../../../src/kernel/processes/scan/holder-process.ts'
import { octets } from '../../../../src/model/etc/octets.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'

const passwdPath = '/etc/passwd'

const kernelWith = (passwd: string) => {
  const kernel = fakeKernel()
  kernel.extra.set(passwdPath, passwd)
  return kernel
}

const userOf = (uid: number) => (uid === 1000 ? 'zoe' : undefined)

const status = lines('Name:\tqemu-kvm', 'PPid:\t12', 'Uid:\t7\t1000\t8\t9')

const unit = lines('0::/system.slice/db.service')

t.test('the names of users', async (t) => {
  const kernel = kernelWith(
    lines(
      'root:x:0:0:root:/root:/bin/sh',
      'größe:x:1000:1000::/:',
      '# a:remark:without',
      'short:x',
      ':x:5:5::/:',
      'later:x:1000:1::/:',
      'sign:x:-1:1::/:',
      'more:x:7z:1::/:',
      'less:x:z7:1::/:',
      'none:x::1::/:',
    ),
  )
  let reads = 0
  kernel.onRead = () => {
    reads += 1
  }
  const nameOf = userNames(kernel)
  t.equal(reads, 0)
  t.strictSame([0, 1000, 5, -1, 7, 1, Number.NaN].map(nameOf), [
    'root',
    'größe',
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  t.equal(reads, 1)
})

t.test('without the names of users', async (t) => {
  t.equal(userNames(fakeKernel())(0), undefined)
  const kernel = kernelWith(lines('root:x:0:0::/:'))
  kernel.failRead(passwdPath, 'EACCES', 'always')
  t.equal(userNames(kernel)(0), undefined)
})

t.test('who a process is', async (t) => {
  const who = (text: string, cgroup?: string) => processOf('42', octets(text), cgroup, userOf)
  t.strictSame(who(status, unit), {
    pid: 42,
    parent: 12,
    uid: 1000,
    user: 'zoe',
    command: 'qemu-kvm',
    container: 'db.service',
  })
  t.strictSame(who(status, lines('0::/')), {
    pid: 42,
    parent: 12,
    uid: 1000,
    user: 'zoe',
    command: 'qemu-kvm',
  })
  t.strictSame(who(''), { pid: 42, command: '?' })
  t.strictSame(who(lines('Name:\ta\\nb', 'Uid:\t1000\t3\t3\t3', 'PPid:\t0')), {
    pid: 42,
    parent: 0,
    uid: 3,
    command: 'a\nb',
  })
})

t.test('a line of users that is none', async (t) => {
  for (const line of ['x1000\t1000', '\t1000\t1000', '1000', '1000 1000', '1000\tx', '-1\t1000'])
    t.strictSame(processOf('42', octets(lines('Name:\ta', `Uid:\t${line}`)), undefined, userOf), {
      pid: 42,
      command: 'a',
    })
})

/** A directory of processes with one process. */
const processes = (t: Test): string => {
  const proc = temporary(t)
  mkdirSync(join(proc, '42'))
  writeFileSync(join(proc, '42/status'), status)
  writeFileSync(join(proc, '42/cgroup'), unit)
  return proc
}

t.test('a process is looked at once', async (t) => {
  const proc = processes(t)
  const find = processFinder(proc, userOf)
  const found = find('42')
  t.strictSame(found, {
    pid: 42,
    parent: 12,
    uid: 1000,
    user: 'zoe',
    command: 'qemu-kvm',
    container: 'db.service',
  })
  rmSync(join(proc, '42'), { recursive: true })
  t.equal(find('42'), found)
  t.strictSame(find('43'), { pid: 43, command: '?' })
  t.strictSame(processFinder(proc, userOf)('42'), { pid: 42, command: '?' })
})

t.test('a process without a cgroup', async (t) => {
  const proc = processes(t)
  rmSync(join(proc, '42/cgroup'))
  t.strictSame(processFinder(proc, () => undefined)('42'), {
    pid: 42,
    parent: 12,
    uid: 1000,
    command: 'qemu-kvm',
  })
})

t.test('a process of a recorded machine', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/42/status', status)
  kernel.extra.set('/proc/42/cgroup', unit)
  t.strictSame(recordedProcess(kernel, '42', userOf), {
    pid: 42,
    parent: 12,
    uid: 1000,
    user: 'zoe',
    command: 'qemu-kvm',
    container: 'db.service',
  })
  t.strictSame(recordedProcess(kernel, '43', userOf), { pid: 43, command: '?' })
})
