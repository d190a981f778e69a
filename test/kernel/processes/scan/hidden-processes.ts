import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hidesProcesses } from '../../../../src/kernel/processes/scan/hidden-processes.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { readProcesses } from '../../../../src/kernel/processes/scan/scan-processes.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'

const mountOf = (options: string, type = 'proc', target = '/proc') =>
  `20 1 0:20 / ${target} rw - ${type} proc rw,${options}`

/** Without CAP_SYS_PTRACE, and with all. */
const [few, all] = ['CapEff:\t0000000000000400', 'CapEff:\t000001ffffffffff']

const machine = (t: Test, table: readonly string[], capabilities = few) => {
  const kernel = fakeKernel({ pools: [] })
  kernel.extra.set('/proc/self/mountinfo', lines('1 0 0:1 / / rw - ext4 none rw', ...table))
  kernel.extra.set('/proc/self/status', lines('Name:\tnode', 'Pid:\t9', capabilities))
  const proc = join(temporary(t), 'proc')
  mkdirSync(join(proc, 'self'), { recursive: true })
  const tree: FakeKernel = Object.create(kernel, { root: { value: '/' }, proc: { value: proc } })
  return { tree, proc, hides: () => hidesProcesses(tree, proc) }
}

t.test('the options that leave processes out', async (t) => {
  for (const word of ['2', '4', 'invisible', 'ptraceable'])
    for (const options of [`hidepid=${word}`, `gid=7,hidepid=${word}`, `hidepid=${word},gid=7`])
      t.equal(machine(t, [mountOf(options)]).hides(), true, options)
  for (const word of ['0', 'off', '1', 'noaccess', '22'])
    t.equal(machine(t, [mountOf(`hidepid=${word}`)]).hides(), false, word)
  t.equal(machine(t, []).hides(), false)
  t.equal(machine(t, [mountOf('relatime')]).hides(), false)
  t.equal(machine(t, [mountOf('hidepid=2', 'proc', '/x/proc')]).hides(), false)
  t.equal(machine(t, [mountOf('hidepid=2', 'tmpfs')]).hides(), false)
  const covered = [mountOf('hidepid=2'), mountOf('relatime')]
  t.equal(machine(t, covered).hides(), false, 'the last one counts')
})

t.test('who may trace all processes sees all', async (t) => {
  t.equal(machine(t, [mountOf('hidepid=2')], all).hides(), false)
  const { tree, hides } = machine(t, [mountOf('hidepid=2')])
  tree.extra.delete('/proc/self/status')
  t.equal(hides(), true, 'what it may do is not known')
})

const skip = process.getuid?.() !== 0 && 'needs root'

t.test('the first process of another user shows that none is hidden', { skip }, async (t) => {
  const { proc, hides } = machine(t, [mountOf('hidepid=2')])
  mkdirSync(join(proc, '1'))
  t.equal(hides(), true, 'one of its own shows nothing')
  chownSync(join(proc, '1'), 12, 12)
  t.equal(hides(), false)
})

t.test('with hidepid=1 they are listed, and cannot be looked at', async (t) => {
  const { tree, proc } = machine(t, [])
  const scan = newScan(tree, undefined)
  mkdirSync(join(proc, '7'))
  writeFileSync(join(proc, '7/status'), lines('Name:\tzoo', 'VmSize:\t4 kB'))
  mkdirSync(join(proc, '8'))
  t.equal(readProcesses(scan).length, 1)
  t.equal(scan.hidesProcesses, false, 'one that is gone')
  // A directory in its place stands for what may not be read: root may read everything.
  mkdirSync(join(proc, '8/status'))
  t.equal(readProcesses(scan).length, 1)
  t.equal(scan.hidesProcesses, true)
})
