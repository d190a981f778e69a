import t from 'tap'
import { unknownKey } from '../../../src/model/config/unknown-key.ts'

const keys = {
  '': ['leave', 'pools'],
  pools: ['pages', 'boot'],
  mounts: ['uid', 'mode'],
  tune: ['shm-group'],
}

t.test('the names that other programs have for keys', async (t) => {
  const known = { pools: ['pages'], mounts: ['uid', 'gid', 'nr-inodes'] }
  const said = (table: string, key: string) => unknownKey([table, 'x'], key, known).message
  const meant = (key: string) => `there is no such key: did you mean ${key}?`
  for (const key of ['count', 'persistent', 'nr-hugepages'])
    t.equal(said('pools', key), meant('pages'), key)
  for (const key of ['user', 'owner']) t.equal(said('mounts', key), meant('uid'), key)
  t.equal(said('mounts', 'group'), meant('gid'))
  t.equal(said('mounts', 'inodes'), meant('nr-inodes'))
})

t.test('what was probably meant', async (t) => {
  const cases: readonly (readonly [path: readonly string[], key: string, said: string])[] = [
    [[], 'leav', 'there is no such key: did you mean leave?'],
    [[], 'shm-group', 'there is no such key: it stands in [tune]'],
    [[], 'uid', 'there is no such key: it stands in [mounts."/PATH"]'],
    [['pools', '2M'], 'count', 'there is no such key: did you mean pages?'],
    [['mounts', '/m'], 'user', 'there is no such key: did you mean uid?'],
    [['mounts', '/m'], 'count', 'there is no such key | the keys there are uid, mode'],
    [['pools', '2M'], 'user', 'there is no such key | the keys there are pages, boot'],
    [['mounts', '/m'], 'boot', 'there is no such key: it stands in [pools.SIZE]'],
  ]
  for (const [path, key, said] of cases) {
    const fault = unknownKey(path, key, keys)
    t.strictSame(fault.path, [...path, key])
    t.equal([fault.message, fault.hint].filter(Boolean).join(' | '), said)
  }
})
