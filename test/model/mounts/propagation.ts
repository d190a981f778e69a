import t from 'tap'
import { parseMountinfo } from '../../../src/kernel/mounts/mountinfo.ts'
import { asOctets } from '../../../src/model/etc/octets.ts'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import {
  type MountNamespace,
  mountsOnDevice,
  otherMounts,
} from '../../../src/model/mounts/propagation.ts'

const table = (...lines: readonly string[]): readonly MountLine[] =>
  parseMountinfo(asOctets(`${lines.join('\n')}\n`))

const rootLine = (id: number, groups: string) => `${id} 1 0:1 / / rw ${groups}- ext4 /dev/vda rw`
const hugeOn = (id: number, parent: number, target: string) =>
  `${id} ${parent} 0:39 / ${target} rw - hugetlbfs none rw,pagesize=2M`

const vm = { pid: 9, command: 'vm' }

/** The fates of the other mounts when the mount with the id 30 is removed. */
const fates = (own: readonly string[], ...others: readonly (readonly string[])[]) => {
  const namespaces: readonly MountNamespace[] = [
    { lines: table(...own) },
    ...others.map((lines) => ({ lines: table(...lines), process: vm })),
  ]
  const removed = namespaces[0]?.lines.find(({ id }) => id === 30)
  if (removed === undefined) throw new Error('there is no mount with the id 30')
  return otherMounts(namespaces, removed).map(({ id, fate }) => `${id} ${fate}`)
}

t.test('another mount namespace', async (t) => {
  const own = (groups: string) => [rootLine(20, groups), hugeOn(30, 20, '/h')]
  const other = (groups: string) => [rootLine(70, groups), hugeOn(80, 70, '/h')]
  t.strictSame(fates(own(''), other('')), ['80 stays'], 'nothing is shared')
  t.strictSame(fates(own('shared:1 '), other('')), ['80 stays'], 'it is private')
  t.strictSame(fates(own('shared:1 '), other('shared:2 ')), ['80 stays'], 'of another group')
  t.strictSame(fates(own('shared:1 '), other('shared:1 ')), ['80 goes'], 'a peer')
  t.strictSame(fates(own('shared:1 '), other('master:1 ')), ['80 goes'], 'a slave')
  t.strictSame(fates(own('master:1 '), other('shared:1 ')), ['80 stays'], 'not to the master')
  t.strictSame(fates(own('shared:1 '), other('master:5 ')), ['80 unknown'], 'of an unseen group')
  t.strictSame(
    fates(own('shared:1 '), other('master:5 propagate_from:1 ')),
    ['80 goes'],
    'a slave of a slave, whose master is not seen',
  )
  t.strictSame(
    fates(own('shared:1 '), [rootLine(60, 'shared:5 master:1 ')], other('master:5 ')),
    ['80 goes'],
    'a slave of a slave',
  )
  t.strictSame(
    fates(own('shared:1 '), [rootLine(60, 'shared:5 ')], other('master:5 ')),
    ['80 stays'],
    'a slave of another group',
  )
  t.strictSame(
    fates(
      own('shared:1 '),
      [rootLine(60, 'shared:5 master:6 ')],
      [rootLine(61, 'shared:6 master:5 '), ...other('master:5 ')],
    ),
    ['80 unknown'],
    'a circle is no answer',
  )
})

t.test('another directory, and one with something in it', async (t) => {
  const own = [rootLine(20, 'shared:1 '), hugeOn(30, 20, '/h')]
  t.strictSame(fates([...own, hugeOn(31, 20, '/x')]), ['31 stays'])
  t.strictSame(fates(own, [rootLine(70, 'shared:1 '), hugeOn(80, 70, '/x')]), ['80 stays'])
  const inside = '81 80 0:40 / /h/sub rw - tmpfs none rw'
  t.strictSame(fates(own, [rootLine(70, 'master:1 '), hugeOn(80, 70, '/h'), inside]), ['80 stays'])
  const above = '81 80 0:40 / /h rw - tmpfs none rw'
  t.strictSame(fates(own, [rootLine(70, 'master:1 '), hugeOn(80, 70, '/h'), above]), ['80 goes'])
})

t.test('a bind mount of the directory above goes along', async (t) => {
  const own = [rootLine(20, 'shared:1 '), hugeOn(30, 20, '/a/h')]
  const bound = '21 20 0:1 /a /b rw shared:1 - ext4 /dev/vda rw'
  t.strictSame(fates([...own, bound, hugeOn(31, 21, '/b/h')]), ['31 goes'])
  t.strictSame(fates([...own, bound, hugeOn(31, 21, '/b/other')]), ['31 stays'])
  const elsewhere = '21 20 0:7 /a /b rw shared:1 - ext4 /dev/vdb rw'
  t.strictSame(fates([...own, elsewhere, hugeOn(31, 21, '/b/h')]), ['31 stays'])
})

t.test('a parent that the table does not have', async (t) => {
  t.strictSame(fates([hugeOn(30, 20, '/h'), hugeOn(31, 20, '/x')]), ['31 stays'])
  t.strictSame(fates([hugeOn(30, 20, '/h'), hugeOn(31, 21, '/x/h')]), ['31 unknown'])
  const own = [rootLine(20, 'shared:1 '), hugeOn(30, 20, '/h')]
  t.strictSame(fates(own, [hugeOn(80, 70, '/h')]), ['80 unknown'])
})

t.test('the mounts of a device', async (t) => {
  const namespaces = [
    { lines: table(rootLine(20, ''), hugeOn(30, 20, '/h')) },
    { lines: table(hugeOn(80, 70, '/h')), process: vm },
  ]
  t.strictSame(mountsOnDevice(namespaces, '0:39'), [
    { target: '/h' },
    { target: '/h', process: vm },
  ])
  t.strictSame(mountsOnDevice(namespaces, '0:3'), [])
})
