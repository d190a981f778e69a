import t from 'tap'
import type { ServiceState } from '../../../src/model/config/service/service-state.ts'
import { serviceColumns } from '../../../src/output/config/service-rows.ts'

const cells = (state: ServiceState) =>
  Object.fromEntries(serviceColumns.map(({ name, cell }) => [name, cell(state)]))

t.test('the cells of a service', async (t) => {
  const absent = { kind: 'openrc', path: '/f', installed: 'absent', missing: [] } as const
  t.strictSame(cells(absent), {
    INIT: 'openrc',
    FILE: '/f',
    STATE: 'absent',
    STARTS: undefined,
    LAST: undefined,
    STATUS: undefined,
    'NODE-PATH': undefined,
    'HUGEPOOL-PATH': undefined,
  })
  const last = { outcome: 'partial', status: 64 } as const
  const state = {
    ...absent,
    installed: 'enabled',
    form: 'early',
    program: ['/n', '/h'],
    last,
  } as const
  t.strictSame(cells(state), {
    INIT: 'openrc',
    FILE: '/f',
    STATE: 'enabled',
    STARTS: 'early',
    LAST: 'partial',
    STATUS: 64,
    'NODE-PATH': '/n',
    'HUGEPOOL-PATH': '/h',
  })
  const { 'NODE-PATH': node, 'HUGEPOOL-PATH': hugepool } = cells({ ...state, program: ['/h'] })
  t.strictSame({ node, hugepool }, { node: undefined, hugepool: '/h' }, 'a program of one file')
})
