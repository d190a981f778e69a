import t from 'tap'
import {
  allOptions,
  isUnderstood,
  type MountLine,
  type ShownMount,
  unclearWords,
} from '../../../src/model/mounts/hugetlbfs-mount.ts'

const lineOf = (flags: string, options: string): MountLine => ({
  id: 2,
  parent: 1,
  device: '0:50',
  root: '/',
  target: '/x',
  flags,
  type: 'hugetlbfs',
  source: 'none',
  options,
})

t.test('all options in one list', async (t) => {
  t.equal(allOptions(lineOf('rw,nosuid', 'rw,pagesize=2M')), 'rw,nosuid,pagesize=2M')
  t.equal(allOptions(lineOf('ro,nodev', 'rw,pagesize=2M')), 'ro,nodev,pagesize=2M')
  t.equal(allOptions(lineOf('rw,nodev', 'ro,pagesize=2M')), 'ro,nodev,pagesize=2M')
  t.equal(allOptions(lineOf('rw', 'ro,pagesize=2M')), 'ro,pagesize=2M')
})

t.test('a mount that is understood, and one that is not', async (t) => {
  const mount: ShownMount = {
    target: '/x',
    device: '0:39',
    source: 'none',
    options: 'rw',
    hidden: false,
  }
  t.ok(isUnderstood(mount))
  const unclear = { ...mount, unclear: ['mode=9', 'uid=x'] }
  t.notOk(isUnderstood(unclear))
  t.equal(unclearWords(unclear), 'options of the hugetlbfs on /x are not understood: mode=9, uid=x')
})
