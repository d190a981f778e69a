import t from 'tap'
import {
  checkDoctorRequest,
  type DoctorRequest,
  trialRequest,
} from '../../../src/model/doctor/doctor-request.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'

const request: DoctorRequest = {
  about: 'mapping',
  assignment: parseAssignment('2M=4'),
  populate: false,
  noreserve: false,
  verify: false,
  frames: false,
  readOften: false,
  processes: 1,
  subject: { kind: 'self' },
  fork: false,
  tries: true,
}

t.test('a trial can be made of every subject', async (t) => {
  for (const here of [
    {},
    { user: 'nobody' },
    { user: 'nobody', group: 'nogroup' },
    { group: 'nogroup' },
    { fork: true },
    { subject: { kind: 'cgroup', path: '/x' } },
    { subject: { kind: 'pid', pid: 1 } },
    { subject: { kind: 'unit', name: 'x' } },
  ] as const) {
    const asks = { ...request, ...here }
    t.equal(checkDoctorRequest(asks), asks)
  }
})

t.test('the test of what was asked about is made in its cgroup', async (t) => {
  t.equal(trialRequest(request), request)
  const asks = { ...request, subject: { kind: 'cgroup', path: '/x' } } as const
  t.equal(trialRequest(asks).cgroup, '/x')
})

t.test('the rules of a test hold here too', async (t) => {
  t.throws(() => checkDoctorRequest({ ...request, via: 'shm', populate: true }), {
    code: 'E_USAGE',
  })
})
