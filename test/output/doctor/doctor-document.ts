import t from 'tap'
import { type CheckFinding, countedPages } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorResult } from '../../../src/model/doctor/doctor-result.ts'
import { doctorDocument } from '../../../src/output/doctor/doctor-document.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { doctorSchema } from '../../../src/output/schemas/doctor-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { M } from '../../helpers/sizes.ts'

/** The document as a reader has it, of which its schema has nothing to say. */
const documentOf = (result: DoctorResult) =>
  doctorSchema.parse(parseExact(jsonText({ version: 1, ...doctorDocument(result) })))

const fine: CheckFinding = { check: 'page-size', result: 'ok' }
const plain = { version: 1, checks: [{ check: 'page-size', result: 'ok' }] }

t.test('what was asked for, and every check with its values', async (t) => {
  const findings: readonly CheckFinding[] = [
    {
      check: 'available',
      result: 'fail',
      has: countedPages(0n),
      needs: countedPages(4n),
      why: 'none',
      hints: ['a', 'b'],
    },
    { check: 'memlock', result: 'ok', has: { bytes: 8n * M }, needs: { bytes: 4n * M }, hints: [] },
    { check: 'mount', result: 'warn', has: '/mnt/a', needs: 'one', hints: ['mount it'] },
    fine,
  ]
  const asked = { size: 2n * M, pages: 4n, via: 'shm', whose: '' } as const
  t.strictSame(documentOf({ asked, findings, signal: 'SIGTERM' }), {
    version: 1,
    answer: 'no',
    pageSize: 2n * M,
    pages: 4n,
    via: 'shm',
    checks: [
      { check: 'available', result: 'fail', has: 0n, needs: 4n, why: 'none', hints: ['a', 'b'] },
      { check: 'memlock', result: 'ok', has: 8n * M, needs: 4n * M },
      { check: 'mount', result: 'warn', has: '/mnt/a', needs: 'one', hints: ['mount it'] },
      { check: 'page-size', result: 'ok' },
    ],
    signal: 'SIGTERM',
  })
})

t.test('what is not known has no key', async (t) => {
  t.strictSame(documentOf({ findings: [fine] }), { ...plain, answer: 'yes' })
  t.strictSame(documentOf({ findings: [{ ...fine, result: 'unknown' }] }), {
    version: 1,
    answer: 'unknown',
    checks: [{ check: 'page-size', result: 'unknown' }],
  })
})

t.test('a trial, which is the answer', async (t) => {
  t.strictSame(documentOf({ findings: [fine], trial: { outcome: 'done', why: '' } }), {
    ...plain,
    answer: 'yes',
    trial: { outcome: 'done', differs: false },
  })
  t.strictSame(documentOf({ findings: [fine], trial: { outcome: 'refused', why: 'no mount' } }), {
    ...plain,
    answer: 'no',
    trial: { outcome: 'refused', differs: true, why: 'no mount' },
  })
})

t.test('a trial that was made without something, and one that was not made', async (t) => {
  const trial = { outcome: 'done', why: '', without: ['cpuset'] } as const
  t.strictSame(documentOf({ findings: [fine], trial }), {
    ...plain,
    answer: 'yes',
    trial: { outcome: 'done', differs: false, without: ['cpuset'] },
  })
  t.strictSame(documentOf({ findings: [fine], untried: 'not here' }), {
    ...plain,
    answer: 'yes',
    untried: 'not here',
  })
})
