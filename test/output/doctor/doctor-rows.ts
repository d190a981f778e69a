import t from 'tap'
import {
  type CheckFinding,
  checkResultWords,
  countedPages,
} from '../../../src/model/doctor/check-finding.ts'
import { doctorColumns } from '../../../src/output/doctor/doctor-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { M } from '../../helpers/sizes.ts'

const names = doctorColumns.map(({ name }) => name)

const textsOf = (rows: readonly CheckFinding[], bytes = false) =>
  textRows({ columns: doctorColumns, rows }, names, { bytes, raw: false })

t.test('a row for each check', async (t) => {
  const rows: readonly CheckFinding[] = [
    {
      check: 'available',
      result: 'ok',
      has: countedPages(60n),
      needs: countedPages(1n),
      why: 'there are enough',
    },
    { check: 'memlock', result: 'warn', has: { bytes: 8n * M }, needs: { bytes: 9n * M } },
    { check: 'mount', result: 'warn', has: 'none', needs: 'one', hints: ['mount it'] },
  ]
  const whole = (memory: readonly [string, string]) => ({
    headings: ['CHECK', 'RESULT', 'HAS', 'NEEDS', 'WHY'],
    aligns: ['left', 'left', 'right', 'right', 'left'],
    rows: [
      ['available', 'ok', '60 pages', '1 page', 'there are enough'],
      ['memlock', 'warn', ...memory, '-'],
      ['mount', 'warn', 'none', 'one', '-'],
    ].map((texts) => texts.map((text) => ({ text }))),
  })
  t.strictSame(textsOf(rows), whole(['8M', '9M']))
  t.strictSame(textsOf(rows, true), whole(['8388608', '9437184']))
})

t.test('what fails and what is not known have a colour', async (t) => {
  const results = checkResultWords.map((result): CheckFinding => ({ check: 'cpuset', result }))
  t.strictSame(
    textsOf(results).rows.map((row) => row.filter(({ tone }) => tone !== undefined)),
    [[], [], [{ text: 'fail', tone: 'wrong' }], [{ text: 'unknown', tone: 'wrong' }]],
  )
})

t.test('what the columns say of themselves', async (t) => {
  t.strictSame(
    doctorColumns.map(({ name, help, usual = true }) => [name, help, usual]),
    [
      ['CHECK', 'what was looked at', true],
      ['RESULT', 'ok, warn, fail or unknown', true],
      ['HAS', 'what there is, or is allowed', true],
      ['NEEDS', 'what the application needs', true],
      ['WHY', 'why, in words', true],
    ],
  )
})
