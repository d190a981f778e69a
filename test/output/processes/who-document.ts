import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import { holdColumns } from '../../../src/output/processes/hold-columns.ts'
import { pageHolderDocument } from '../../../src/output/processes/who-document.ts'
import { pageHolderPart } from '../../../src/output/schemas/who-schema.ts'
import { M } from '../../helpers/sizes.ts'

const hold: PageHold = {
  kind: 'mapping',
  size: 2n * M,
  process: { pid: 7, uid: 0, user: 'root', command: 'vm' },
  pages: 1n,
  reserved: 3n,
  shared: false,
  name: 'anonymous',
}

const rowOf = (one: PageHold) => holdColumns.map(({ cell }) => cell(one))

t.test('what is reserved at most is told so in a table and in a document', async (t) => {
  const row = [7, 'root', 'vm', 'mapping', { bytes: 2n * M }, 1n]
  const rest = [{ bytes: 2n * M }, undefined, false, 'anonymous', undefined]
  const unsure: PageHold = { ...hold, reservedAtMost: true }
  t.strictSame(rowOf(hold), [...row, 3n, ...rest])
  t.strictSame(rowOf(unsure), [...row, '<=3', ...rest])
  const keys = {
    pid: 7,
    user: 'root',
    command: 'vm',
    holds: 'mapping',
    pageSize: 2n * M,
    pages: 1n,
    nodes: undefined,
    container: undefined,
    shared: false,
    name: 'anonymous',
  }
  t.same(pageHolderDocument(hold), { ...keys, reserved: 3n, reservedAtMost: undefined })
  t.same(pageHolderDocument(unsure), { ...keys, reserved: undefined, reservedAtMost: 3n })
  for (const one of [hold, unsure])
    t.doesNotThrow(() => pageHolderPart.parse(pageHolderDocument(one)))
})
