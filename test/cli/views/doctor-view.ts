import t from 'tap'
import { doctorView } from '../../../src/cli/views/doctor-view.ts'
import type { DoctorResult } from '../../../src/model/doctor/doctor-result.ts'
import { doctorDocument } from '../../../src/output/doctor/doctor-document.ts'

/** What a view says beside its rows and its document. */
const told = (result: DoctorResult) => {
  const { rows: _, document: __, ...rest } = doctorView(result)
  return rest
}

t.test('yes: the answer is the first of the words', async (t) => {
  t.strictSame(told({ findings: [{ check: 'cpuset', result: 'ok' }] }), {
    words: ['yes: it can be had'],
    hints: [],
    partial: false,
    isNo: false,
  })
})

t.test('no: each hint once, in the order of the checks', async (t) => {
  const result: DoctorResult = {
    findings: [
      { check: 'shmmax', result: 'fail', why: 'too small', hints: ['b', 'a'] },
      { check: 'shmall', result: 'warn', hints: ['a', 'c'] },
    ],
  }
  t.strictSame(told(result), {
    words: ['no: too small'],
    hints: ['b', 'a', 'c'],
    partial: false,
    isNo: true,
  })
})

t.test('unknown, and stopped', async (t) => {
  const findings = [{ check: 'memlock', result: 'unknown' }] as const
  const { words, ...rest } = told({ findings, signal: 'SIGTERM' })
  t.strictSame(rest, { hints: [], partial: true, isNo: false, signal: 'SIGTERM' })
  t.strictSame(words.slice(0, 1), ['unknown: could not be looked into: memlock'])
  t.equal(words.length, 2)
})

t.test('its rows and its document are those of the findings', async (t) => {
  const result: DoctorResult = { findings: [{ check: 'cpuset', result: 'ok' }] }
  const { rows, document } = doctorView(result)
  t.strictSame(rows?.(['CHECK', 'RESULT'], { bytes: false, raw: false })?.rows, [
    [{ text: 'cpuset' }, { text: 'ok' }],
  ])
  t.strictSame(document(), doctorDocument(result))
})
