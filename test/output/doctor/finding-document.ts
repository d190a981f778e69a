import t from 'tap'
import type { MachineFinding } from '../../../src/model/doctor/findings/finding-table.ts'
import { findingsDocument } from '../../../src/output/doctor/finding-document.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { findingsSchema } from '../../../src/output/schemas/findings-schema.ts'
import { parseExact } from '../../helpers/json.ts'

/** The document as a reader has it, of which its schema has nothing to say. */
const documentOf = (findings: readonly MachineFinding[], unseen: readonly string[] = []) =>
  findingsSchema.parse(
    parseExact(
      jsonText({ version: 1, ...findingsDocument({ about: 'machine', findings, unseen }) }),
    ),
  )

t.test('findings in their order, and what was not seen', async (t) => {
  const document = documentOf(
    [
      { finding: 'margin', level: 'problem', what: 'memory is short', hints: ['one', 'another'] },
      { finding: 'pool-unreadable', level: 'warning', what: 'no number', hints: [] },
      { finding: 'growth-failed', level: 'note', what: 'it failed' },
    ],
    ['a directory', 'a process'],
  )
  t.strictSame(document, {
    version: 1,
    findings: [
      { finding: 'margin', level: 'problem', what: 'memory is short', hints: ['one', 'another'] },
      { finding: 'pool-unreadable', level: 'warning', what: 'no number' },
      { finding: 'growth-failed', level: 'note', what: 'it failed' },
    ],
    unseen: ['a directory', 'a process'],
  })
})

t.test('one hint is a list, and nothing found is no lack of a key', async (t) => {
  const finding = { finding: 'margin', level: 'note', what: 'so', hints: ['one'] } as const
  t.strictSame(documentOf([finding]), { version: 1, findings: [finding], unseen: [] })
  t.strictSame(documentOf([]), { version: 1, findings: [], unseen: [] })
})
