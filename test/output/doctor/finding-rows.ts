import t from 'tap'
import type { MachineFinding } from '../../../src/model/doctor/findings/finding-table.ts'
import { findingLevels } from '../../../src/model/doctor/findings/machine-finding.ts'
import { findingColumns } from '../../../src/output/doctor/finding-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'

const names = findingColumns.map(({ name }) => name)

t.test('a row for each finding, of which a problem has a colour', async (t) => {
  const rows = findingLevels.map(
    (level): MachineFinding => ({ finding: 'margin', level, what: `a ${level}`, hints: ['do'] }),
  )
  const style = { bytes: false, raw: false }
  t.strictSame(textRows({ columns: findingColumns, rows }, names, style), {
    headings: ['FINDING', 'LEVEL', 'WHAT'],
    aligns: ['left', 'left', 'left'],
    rows: [
      [{ text: 'margin' }, { text: 'problem', tone: 'wrong' }, { text: 'a problem' }],
      [{ text: 'margin' }, { text: 'warning' }, { text: 'a warning' }],
      [{ text: 'margin' }, { text: 'note' }, { text: 'a note' }],
    ],
  })
})

t.test('what the columns say of themselves', async (t) => {
  t.strictSame(
    findingColumns.map(({ name, help, usual = true }) => [name, help, usual]),
    [
      ['FINDING', 'the name of what is wrong with this machine', true],
      ['LEVEL', 'problem, warning or note', true],
      ['WHAT', 'what is wrong, in words', true],
    ],
  )
})
