import t from 'tap'
import { writerDocument } from '../../../src/output/config/writer-document.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { writerPart } from '../../../src/output/schemas/writer-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { M } from '../../helpers/sizes.ts'

const parsed = (writer: Parameters<typeof writerDocument>[0]) =>
  writerPart.parse(parseExact(jsonText(writerDocument(writer))))

t.test('a writer as a document', async (t) => {
  const writer = {
    source: 'tmpfiles',
    value: '7',
    file: '/f',
    line: 3,
    when: 'after',
    wins: true,
    agrees: false,
  } as const
  const what = { attribute: 'persistent', size: 2n * M, node: 1 } as const
  t.strictSame(parsed({ ...writer, what }), {
    source: 'tmpfiles',
    attribute: 'persistent',
    pageSize: 2n * M,
    node: 1,
    value: '7',
    file: '/f',
    line: 3,
    when: 'after',
    wins: true,
    agrees: false,
  })
  t.strictSame(parsed({ source: 'cron', file: '/f', what: { attribute: 'shm-group' } }), {
    source: 'cron',
    attribute: 'shm-group',
    file: '/f',
  })
  t.strictSame(parsed({ source: 'cron', file: '/f', value: 'hugeadm' }), {
    source: 'cron',
    value: 'hugeadm',
    file: '/f',
  })
})
