import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { DoctorRequest, DoctorSubject } from '../../../src/model/doctor/doctor-request.ts'
import type { FoundSubject } from '../../../src/operations/doctor/found-subject.ts'
import {
  leftOutOfTrial,
  trialSubject,
  whyUntried,
} from '../../../src/operations/doctor/trial-subject.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

const asks = (subject: DoctorSubject, more: Partial<DoctorRequest> = {}): DoctorRequest =>
  ({ subject, ...more }) as DoctorRequest

const pid: DoctorSubject = { kind: 'pid', pid: 77 }
const unit: DoctorSubject = { kind: 'unit', name: 'db' }
const self: DoctorSubject = { kind: 'self' }
const cgroup: DoctorSubject = { kind: 'cgroup', path: '/db' }

const mount = (target: string) => ({ target, root: '/', group: '/db' })

const found: FoundSubject = {
  subject: { words: '', process: '77', hasBorrowedLimits: false },
  groups: { first: mount('/v1'), second: mount('/v2'), hasMemory: false },
  identity: { user: 70n, group: 71n, groups: [5n], capabilities: 0n, ofMachine: true },
  limits: {},
  space: {},
}

/** This process, in a group of the second hierarchy. */
const kernel = fakeKernel(twoNodes)
kernel.extra.set('/proc/self/cgroup', '0::/own\n')
kernel.extra.set('/proc/self/mountinfo', '21 20 0:21 / /v2 rw - cgroup2 cgroup2 rw\n')
const own = { first: undefined, second: { ...mount('/v2'), group: '/own' }, hasMemory: false }

const identity = (option: string) => ({ option, user: 70, group: 71, groups: [5] })

t.test('the subject of a process or a unit, and a group alone', async (t) => {
  const cgroups = ['/v1/db', '/v2/db']
  t.strictSame(trialSubject(kernel, asks(pid), found), { identity: identity('--pid 77'), cgroups })
  t.strictSame(trialSubject(kernel, asks(unit), found), {
    identity: identity('--unit db'),
    cgroups,
  })
  t.strictSame(trialSubject(kernel, asks(pid, { user: 'pg' }), found), {
    identity: identity('--user pg'),
    cgroups,
  })
  t.strictSame(trialSubject(kernel, asks(self, { group: 'dba' }), { ...found, groups: own }), {
    identity: identity('--group dba'),
    cgroups: [],
  })
  t.strictSame(trialSubject(kernel, asks(cgroup, { group: 'dba' }), found)?.cgroups, cgroups)
  const near = { ...found, groups: { ...own, first: mount('/v1') } }
  t.strictSame(trialSubject(kernel, asks(pid), near)?.cgroups, ['/v1/db'], 'the other is its own')
  const { identity: _, groups: __, ...unseen } = found
  t.strictSame(trialSubject(kernel, asks(pid), unseen), { cgroups: [] })
})

t.test('what the options of test say needs no subject', async (t) => {
  t.equal(trialSubject(kernel, asks(self), found), undefined)
  t.equal(trialSubject(kernel, asks(self, { user: 'pg', group: 'dba' }), found), undefined)
  t.equal(trialSubject(kernel, asks(cgroup), found), undefined)
})

t.test('what a test did not have', async (t) => {
  kernel.extra.set('/proc/self/status', 'Mems_allowed_list:\t0\n')
  kernel.extra.set('/proc/self/limits', '')
  kernel.extra.set('/proc/self/numa_maps', '7fff bind:0 stack\n')
  const on = { ...found, allowedNodes: [1], limits: { memlock: 5n } }
  const names = ['RLIMIT_MEMLOCK', 'cpuset', 'memory policy']
  t.strictSame(leftOutOfTrial(kernel, asks(pid), on), names)
  t.strictSame(leftOutOfTrial(kernel, asks(unit, { via: 'shm' }), on), [
    ...names,
    'user namespace',
    'IPC namespace',
  ])
  t.strictSame(leftOutOfTrial(kernel, asks(self), on), [])
  const inGroup = (allowedNodes: readonly number[]) =>
    leftOutOfTrial(kernel, asks(cgroup), { ...on, allowedNodes })
  t.strictSame(inGroup([1]), ['cpuset'], 'its cpuset was not entered')
  t.strictSame(inGroup([0, 1]), ['cpuset'])
  t.strictSame(inGroup([0]), [])
  t.strictSame(inGroup([0, 7]), [], 'a node without memory matters to nobody')
})

t.test('a file of another mount namespace', async (t) => {
  const machine = directoryTree('/')
  const gone = { ...found, subject: { ...found.subject, process: '0' } }
  const own = { ...found, subject: { ...found.subject, process: `${process.pid}` } }
  t.match(whyUntried(machine, asks(pid, { via: 'file' }), gone), 'those of another namespace')
  t.equal(whyUntried(machine, asks(pid, { via: 'file' }), own), undefined)
  t.equal(whyUntried(machine, asks(pid, { via: 'anon' }), gone), undefined)
  t.equal(whyUntried(fakeKernel(), asks(pid, { via: 'file' }), gone), undefined)
})
