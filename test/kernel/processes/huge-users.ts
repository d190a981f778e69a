import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readProcessName } from '../../../src/kernel/process-list.ts'
import { readStatus, statusLine } from '../../../src/kernel/process-status.ts'
import { readHugeUsers } from '../../../src/kernel/processes/huge-users.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { nameInStatus, processName } from '../../../src/model/processes/process-name.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { temporary } from '../../helpers/run.ts'

const status = (name: string) => `Name:\t${name}\nHugetlbPages:\t    2048 kB\n`

t.test('names as people read them', async (t) => {
  const kernel = fakeKernel()
  for (const [pid, name] of Object.entries({ 7: 'größe-日本', 9: ' a\\nb\\\\', 10: '' }))
    kernel.extra.set(`/proc/${pid}/status`, status(name))
  t.strictSame(
    readHugeUsers(kernel, undefined).map(({ pid, command }) => [pid, command]),
    [
      [7, 'größe-日本'],
      [9, ' a\nb\\'],
      [10, ''],
    ],
  )
})

t.test('pages of others, with or without a name', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/7/status', 'HugetlbPages:\t    2048 kB\n')
  kernel.extra.set('/proc/8/status', 'Name:\tx\nHugetlbPages:\t       0 kB\n')
  kernel.extra.set('/proc/9/status', status('self'))
  t.strictSame(readHugeUsers(kernel, 9), [{ pid: 7, command: '?', bytes: 2n ** 21n }])
})

t.test('a process that is gone, or not to be looked into', async (t) => {
  const kernel = fakeKernel()
  for (const pid of [7, 8]) kernel.extra.set(`/proc/${pid}/status`, status('x'))
  kernel.failRead('/proc/7/status', 'EIO')
  t.strictSame(
    readHugeUsers(kernel, undefined).map(({ pid }) => pid),
    [8],
  )
})

/** A process of the running kernel with a name of its own. */
const processNamed = async (t: Test, name: string): Promise<ChildProcess> => {
  const program = join(temporary(t), name)
  copyFileSync('/bin/sleep', program)
  const child = spawn(program, ['60'], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  await new Promise((resolve) => child.once('spawn', resolve))
  return child
}

t.test('the running kernel shows the same name in both of its files', async (t) => {
  for (const [name, told] of [
    ['größe-日本', 'größe-日本'],
    ['back\\slash', 'back\\slash'],
    ['abcdefghijklmnö', 'abcdefghijklmn'],
  ] as const) {
    const { pid } = await processNamed(t, name)
    t.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), name)
    const line = statusLine(readStatus(directoryTree('/'), `${pid}`), 'Name')
    t.equal(line && processName(nameInStatus(line)), told)
    t.equal(readProcessName('/proc', `${pid}`), told)
  }
})

t.test('without a descriptor left nothing is taken for seen', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/7/status', status('app'))
  kernel.failRead('/proc/7/status', 'EMFILE')
  t.throws(() => readHugeUsers(kernel, undefined), /EMFILE/)
})
