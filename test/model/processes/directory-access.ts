import t from 'tap'
import { closedDirectory } from '../../../src/model/processes/directory-access.ts'

const who = { user: 1000n, group: 1000n, groups: [50n], capabilities: 0n, ofMachine: true }
const top = { path: '/', user: 0n, group: 0n, mode: 0o755 }
const huge = { path: '/huge', user: 0n, group: 50n, mode: 0o770 }

t.test('the owner, the group and the others have bits of their own', async (t) => {
  const closed = (mode: number, ids: Partial<typeof huge> = {}) =>
    closedDirectory(who, [{ ...huge, ...ids, mode }, top])?.path
  t.equal(closed(0o770), undefined)
  t.equal(closed(0o750), '/huge', 'a group that may not write')
  t.equal(closed(0o730), undefined, 'one that may write and search')
  t.equal(closed(0o077, { user: 1000n }), '/huge', 'the owner counts first')
  t.equal(closed(0o700, { user: 1000n }), undefined)
  t.equal(closed(0o707, { group: 60n }), undefined, 'others')
  t.equal(closed(0o702, { group: 60n }), '/huge', 'write without search')
  t.equal(closed(0o775, { group: 60n }), '/huge')
})

t.test('those above need be searched only, from the top', async (t) => {
  const above = { path: '/a', user: 0n, group: 0n, mode: 0o700 }
  t.strictSame(closedDirectory(who, [huge, above, top]), above)
  t.strictSame(closedDirectory(who, [huge, above, { ...top, mode: 0 }])?.path, '/')
  t.equal(closedDirectory(who, [huge, { ...above, mode: 0o701 }, top]), undefined)
})

t.test('CAP_DAC_OVERRIDE opens all, on the machine alone', async (t) => {
  const root = { ...who, groups: [], capabilities: 2n }
  t.equal(closedDirectory(root, [huge, top]), undefined)
  t.equal(closedDirectory({ ...root, ofMachine: false }, [huge, top])?.path, '/huge')
})
