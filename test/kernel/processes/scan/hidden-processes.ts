import { chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hiddenBy } from '../../../../src/kernel/processes/scan/hidden-processes.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { readProcesses } from '../../../../src/kernel/processes/scan/scan-processes.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
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
  return { tree, proc, hides: () => hiddenBy(tree, proc) }
}

t.test('the options that leave processes out', async (t) => {
  for (const word of ['2', '4', 'invisible', 'ptraceable'])
    for (const options of [`hidepid=${word}`, `gid=7,hidepid=${word}`, `hidepid=${word},gid=7`])
      t.equal(machine(t, [mountOf(options)]).hides(), 'users', options)
  for (const word of ['0', 'off', '1', 'noaccess', '22'])
    t.equal(machine(t, [mountOf(`hidepid=${word}`)]).hides(), undefined, word)
  t.equal(machine(t, []).hides(), undefined)
  t.equal(machine(t, [mountOf('relatime')]).hides(), undefined)
  t.equal(machine(t, [mountOf('hidepid=2', 'proc', '/x/proc')]).hides(), undefined)
  t.equal(machine(t, [mountOf('hidepid=2', 'tmpfs')]).hides(), undefined)
  const covered = [mountOf('hidepid=2'), mountOf('relatime')]
  t.equal(machine(t, covered).hides(), undefined, 'the last one counts')
})

t.test('who may trace all processes sees all', async (t) => {
  t.equal(machine(t, [mountOf('hidepid=2')], all).hides(), undefined)
  const { tree, hides } = machine(t, [mountOf('hidepid=2')])
  tree.extra.delete('/proc/self/status')
  t.equal(hides(), 'users', 'what it may do is not known')
})

const skip = process.getuid?.() !== 0 && 'needs root'

t.test('the first process of another user shows that none is hidden', { skip }, async (t) => {
  const { proc, hides } = machine(t, [mountOf('hidepid=2')])
  mkdirSync(join(proc, '1'))
  t.equal(hides(), 'users', 'one of its own shows nothing')
  chownSync(join(proc, '1'), 12, 12)
  t.equal(hides(), undefined)
})

t.test('with hidepid=1 they are listed, and cannot be looked at', async (t) => {
  const { tree, proc } = machine(t, [])
  const scan = newScan(tree, undefined)
  mkdirSync(join(proc, '7'))
  writeFileSync(join(proc, '7/status'), lines('Name:\tzoo', 'VmSize:\t4 kB'))
  mkdirSync(join(proc, '8'))
  t.equal(readProcesses(scan).length, 1)
  t.equal(scan.hidden, undefined, 'one that is gone')
  // A directory in its place stands for what may not be read: root may read everything.
  mkdirSync(join(proc, '8/status'))
  t.equal(readProcesses(scan).length, 1)
  t.equal(scan.hidden, 'users')
})

t.test('a PID namespace of its own leaves out what is outside', async (t) => {
  const inNamespace = (name: string, second?: readonly string[]) => {
    const { proc, hides } = machine(t, [mountOf('relatime')])
    mkdirSync(join(proc, 'self/ns'))
    symlinkSync(name, join(proc, 'self/ns/pid'))
    if (second !== undefined) {
      mkdirSync(join(proc, '2'))
      writeFileSync(join(proc, '2/status'), lines(...second))
    }
    return hides()
  }
  const [name, state, parent] = ['Name:\tkthreadd', 'State:\tS (sleeping)', 'PPid:\t0']
  t.equal(inNamespace('pid:[4026531836]'), undefined, 'that of the machine')
  t.equal(inNamespace('pid:[4026532200]'), 'namespace')
  t.equal(
    inNamespace('pid:[4026532200]', [name, state, parent]),
    undefined,
    'the /proc of the machine in another namespace',
  )
  for (const second of [
    ['Name:\tsh', state, parent],
    [name, 'State:\tZ (zombie)', parent],
    [name, state, 'PPid:\t1'],
    [name, state, parent, 'VmSize:\t4 kB'],
    [name, parent],
  ])
    t.equal(inNamespace('pid:[4026532200]', second), 'namespace', second.join())
})

t.test('without a /proc', async (t) => {
  const { tree, proc, hides } = machine(t, [])
  tree.extra.delete('/proc/self/mountinfo')
  t.equal(hides(), undefined, 'a part of one')
  const read = () => {
    throw systemError('ENOENT', 'open')
  }
  t.equal(hiddenBy(Object.create(tree, { read: { value: read } }), proc), 'unmounted')
})
