import t from 'tap'
import { HugepoolError, usage } from '../../../src/errors.ts'
import type { DoctorRequest } from '../../../src/model/doctor/doctor-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { findSubject } from '../../../src/operations/doctor/find-subject.ts'
import { tryMapping } from '../../../src/operations/doctor/try-mapping.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { openStage, portsOf } from '../../helpers/doctor-stage.ts'
import { nativeOf, nativeWith } from '../../helpers/fake-native.ts'

/** Asks for pages by mmap, on two nodes with four pages of 2M each. */
const request = (words: string, more: Partial<DoctorRequest> = {}): DoctorRequest => ({
  about: 'mapping',
  assignment: parseAssignment(words),
  via: 'anon',
  populate: false,
  noreserve: false,
  verify: false,
  frames: false,
  readOften: false,
  processes: 1,
  subject: { kind: 'self' },
  fork: false,
  tries: true,
  ...more,
})

/** Tries the mapping as the subject that was asked about. */
const tried = async (ports: Ports, asked: DoctorRequest) =>
  tryMapping(ports, asked, await findSubject(ports, asked))

const attempt = (words: string, more: Partial<DoctorRequest> = {}) =>
  tried(portsOf(openStage, 'anon'), request(words, more))

/** What is in a trial, which nothing was left out of. */
const trial = async (...asked: Parameters<typeof attempt>) => (await attempt(...asked)).trial

t.test('a mapping that comes is done, without words', async (t) => {
  t.strictSame(await attempt('2M=4'), { trial: { outcome: 'done', why: '' } })
})

t.test('a mapping that does not come, and one that comes in part', async (t) => {
  t.strictSame(await trial('2M=9'), {
    outcome: 'failed',
    why: '2M: 9 pages cannot be mapped (ENOMEM): 8 available: 1 missing, and overcommit allows none',
  })
  t.strictSame(await trial('2M=9', { noreserve: true }), {
    outcome: 'partial',
    why: '2M: touched 8 of 9; SIGBUS at page 8, counted from 0: the pool is exhausted: no page is available, and a NORESERVE mapping is promised none; overcommit allows none',
  })
})

t.test('an error is a refusal, in its words', async (t) => {
  t.strictSame(await trial('64K=1'), {
    outcome: 'refused',
    why: 'there are no 64K pages here',
  })
})

/** Process 77, in a group of its own. */
const other: Readonly<Record<string, string>> = {
  '/proc/77/status':
    'Name:\tdb\nUid:\t70\t70\t70\t70\nGid:\t71\t71\t71\t71\nGroups:\t50 60 \nCapEff:\t0\nMems_allowed_list:\t0,1\n',
  '/proc/77/cgroup': '0::/db\n',
  '/sys/fs/cgroup/db/cgroup.procs': '77\n',
  '/etc/group': 'dba:x:9:\n',
}

/** What came of it, and as whom it was made, in which groups. */
const placed = async (more: Partial<DoctorRequest>, refusal?: 'EPERM' | 'EBUSY') => {
  const ports = portsOf(openStage, 'anon')
  const { kernel } = ports
  for (const [path, text] of Object.entries(other)) kernel.extra.set(path, text)
  const calls: string[] = []
  const native = nativeWith({
    ...nativeOf(kernel, calls),
    ...(refusal === 'EPERM' && {
      actAs: () => {
        throw Object.assign(new Error(refusal), { code: refusal })
      },
    }),
  })
  const tree = {
    ...kernel,
    write: (path: string, value: string) => {
      if (refusal === 'EBUSY') throw Object.assign(new Error(refusal), { code: refusal })
      calls.push(`${value} to ${path}`)
    },
  }
  const done = await tried({ ...ports, tree, native: () => native }, request('2M=4', more))
  return { ...done, calls }
}

const pid = { subject: { kind: 'pid', pid: 77 } } as const

t.test('the test is made as a process is, in its cgroup', async (t) => {
  t.strictSame(await placed(pid), {
    trial: {
      outcome: 'done',
      why: '',
      without: ['RLIMIT_FSIZE', 'RLIMIT_MEMLOCK', 'memory policy'],
    },
    calls: ['0 to /sys/fs/cgroup/db/cgroup.procs', 'as 70:71:50,60', 'as before'],
  })
})

t.test('a group alone', async (t) => {
  t.strictSame(await placed({ group: 'dba' }), {
    trial: { outcome: 'done', why: '' },
    calls: ['as 1000:9:50', 'as before'],
  })
  t.strictSame((await placed({ group: '1000' })).calls, [], 'it is that of the caller')
})

t.test('where this process may not go, no test is made', async (t) => {
  t.strictSame(await placed({ group: 'dba' }, 'EPERM'), {
    untried: '--group dba: only root (CAP_SETUID and CAP_SETGID) may make the test as another user',
    calls: [],
  })
  const { trial: none, untried } = await placed(pid, 'EBUSY')
  t.equal(none, undefined)
  t.match(untried, /^the cgroup \/sys\/fs\/cgroup\/db: it has controllers/)
  const { untried: of } = await placed({ subject: { kind: 'cgroup', path: '/db' } }, 'EBUSY')
  t.match(of, /^the cgroup \/db: it has controllers/)
})

/** A machine whose addon cannot be loaded. */
const failing = (error: Error, more: Partial<DoctorRequest> = {}) => {
  const ports = portsOf(openStage, 'anon')
  for (const [path, text] of Object.entries(other)) ports.kernel.extra.set(path, text)
  return tried(
    {
      ...ports,
      mapper: () => Promise.reject(error),
    },
    request('2M=4', more),
  )
}

t.test('a refusal too says what the test did not have of a process', async (t) => {
  t.strictSame(await failing(usage('not so'), pid), {
    trial: {
      outcome: 'refused',
      why: 'not so',
      without: ['RLIMIT_FSIZE', 'RLIMIT_MEMLOCK', 'memory policy'],
    },
  })
})

t.test('what is a fault of the program is thrown', async (t) => {
  const bug = new HugepoolError('E_BUG', 'bug', 'a bug')
  await t.rejects(failing(bug), bug)
  const fault = new TypeError('a fault')
  await t.rejects(failing(fault), fault)
  t.strictSame(await failing(usage('not so')), { trial: { outcome: 'refused', why: 'not so' } })
})
