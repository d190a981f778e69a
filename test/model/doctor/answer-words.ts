import t from 'tap'
import { answerWords } from '../../../src/model/doctor/answer-words.ts'
import type { DoctorResult } from '../../../src/model/doctor/doctor-result.ts'
import { answerOf, differs } from '../../../src/model/doctor/doctor-result.ts'

const asked = { size: 2n ** 21n, pages: 512n, via: 'shm', whose: ' as postgres' } as const

t.test('yes says what can be had, and in whose place', async (t) => {
  t.strictSame(answerWords({ asked, findings: [{ check: 'page-size', result: 'ok' }] }), [
    'yes: 512 pages of 2M can be had by shm as postgres',
  ])
})

t.test('no says what fails first', async (t) => {
  const fails = { check: 'node-free', result: 'fail', why: 'because' } as const
  const last = { check: 'cgroup-max', result: 'fail', why: 'later' } as const
  t.strictSame(answerWords({ asked, findings: [fails, last] }), ['no: because'])
  t.strictSame(answerWords({ findings: [{ ...fails, answer: 'too few' }] }), ['no: too few'])
})

t.test('unknown names what could not be looked into', async (t) => {
  const findings = [
    { check: 'shmmax', result: 'unknown' },
    { check: 'shmall', result: 'ok' },
    { check: 'shmmni', result: 'unknown' },
  ] as const
  t.strictSame(answerWords({ findings }), ['unknown: could not be looked into: shmmax, shmmni'])
})

t.test('a trial decides, and a difference is told', async (t) => {
  const findings = [{ check: 'page-size', result: 'ok' }] as const
  const result = { asked, findings, trial: { outcome: 'partial', why: 'SIGBUS' } } as const
  t.equal(answerOf(result), 'no')
  t.ok(differs(result))
  t.strictSame(answerWords(result), [
    'no: SIGBUS',
    'the checks said yes, and the test says no: SIGBUS',
  ])
  const done = { ...result, trial: { outcome: 'done', why: '' } } as const
  t.equal(answerOf(done), 'yes')
  t.notOk(differs(done))
  t.notOk(differs({ findings }), 'without a trial nothing differs')
})

t.test('a test that was made without something, and one that was not made', async (t) => {
  const findings = [{ check: 'memlock', result: 'ok' }] as const
  const words = (more: Partial<DoctorResult>) => answerWords({ findings, ...more })[1]
  t.equal(words({ untried: 'for a reason' }), 'no test was made: for a reason')
  const without = ['RLIMIT_AS', 'cpuset']
  t.equal(
    words({ trial: { outcome: 'done', why: '', without } }),
    'the test came out well, and was made without what the process has: RLIMIT_AS, cpuset',
  )
  t.equal(
    words({ trial: { outcome: 'failed', why: 'x', without } }),
    'the test did not come out well, and was made without what the process has: RLIMIT_AS, cpuset',
  )
  t.equal(words({ trial: { outcome: 'done', why: '' } }), undefined)
  t.strictSame(answerWords({ findings, trial: { outcome: 'refused', why: 'x', without } }), [
    'unknown: x',
    'the test did not come out well, and was made without what the process has: RLIMIT_AS, cpuset',
  ])
})
