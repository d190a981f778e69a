import t from 'tap'
import { serviceDocument } from '../../../src/output/config/service-document.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { serviceStatePart } from '../../../src/output/schemas/service-schema.ts'
import { parseExact } from '../../helpers/json.ts'

const parsed = (state: Parameters<typeof serviceDocument>[0]) =>
  serviceStatePart.parse(parseExact(jsonText(serviceDocument(state))))

t.test('a service as a document', async (t) => {
  t.strictSame(parsed({ kind: 'runit', path: '/f', installed: 'absent', missing: [] }), {
    init: 'runit',
    path: '/f',
    state: 'absent',
  })
  t.strictSame(
    parsed({
      kind: 'systemd',
      path: '/f',
      installed: 'enabled',
      form: 'later',
      program: ['/n', '/h'],
      missing: ['/h'],
      last: { outcome: 'failed', result: 'timeout' },
    }),
    {
      init: 'systemd',
      path: '/f',
      state: 'enabled',
      starts: 'later',
      program: ['/n', '/h'],
      missing: ['/h'],
      last: { outcome: 'failed', result: 'timeout' },
    },
  )
})
