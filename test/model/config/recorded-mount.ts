import t from 'tap'
import {
  isStillMounted,
  parseRecord,
  recordOf,
  recordText,
} from '../../../src/model/config/recorded-mount.ts'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'

const line = (id: number, target: string, of: Partial<MountLine> = {}): MountLine => ({
  id,
  parent: 1,
  device: `0:${id}`,
  root: '/',
  target,
  flags: 'rw',
  type: 'hugetlbfs',
  source: 'none',
  options: 'rw',
  ...of,
})
const root = line(1, '/', { type: 'ext4' })
const lines = [root, line(40, '/mnt/a'), line(41, '/mnt/b', { type: 'tmpfs' })]
const made = { target: '/mnt/a', id: 40, device: '0:40' }

t.test('the record is read as it was written', async (t) => {
  const odd = { target: '/mnt/a "b"\n\\', id: 7, device: '0:7' }
  t.strictSame(parseRecord(recordText([made, odd])), [made, odd])
  t.strictSame(parseRecord(recordText([])), [])
  t.strictSame(parseRecord('[{"target":"/a","id":1,"device":"0:1","more":2}]'), [
    { target: '/a', id: 1, device: '0:1' },
  ])
  t.equal(recordText([made]), '[\n{"target":"/mnt/a","id":40,"device":"0:40"}\n]\n')
})

t.test('garbage is no record', async (t) => {
  for (const text of [
    '',
    'x',
    '{}',
    'null',
    '[null]',
    '[{"target":1,"id":1,"device":"0:1"}]',
    '[{"target":"/a","id":"1","device":"0:1"}]',
    '[{"target":"/a","id":1}]',
  ])
    t.equal(parseRecord(text), undefined, text)
})

t.test('a mount is known by its id and its device', async (t) => {
  const isThere = isStillMounted(lines)
  t.ok(isThere(made))
  t.notOk(isThere({ ...made, id: 41 }))
  t.notOk(isThere({ ...made, device: '0:41' }))
  t.notOk(isThere({ ...made, target: '/mnt/c' }))
  t.notOk(isThere({ target: '/mnt/b', id: 41, device: '0:41' }), 'another file system')
  const over = [...lines, line(50, '/mnt/a', { parent: 40 })]
  t.notOk(isStillMounted(over)(made), 'something is mounted over it')
})

t.test('what is on a path now', async (t) => {
  t.strictSame(recordOf('/mnt/a', lines), made)
  t.equal(recordOf('/mnt/c', lines), undefined)
})
