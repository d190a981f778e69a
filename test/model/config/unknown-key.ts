import t from 'tap'
import { unknownKey } from '../../../src/model/config/unknown-key.ts'

const keys = {
  '': ['leave', 'pools'],
  pools: ['pages', 'boot'],
  mounts: ['uid', 'mode'],
  tune: ['shm-group'],
}

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
