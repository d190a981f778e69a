import t from 'tap'
import type { DesiredMount } from '../../../../src/model/mounts/desired-mount.ts'
import {
  directoryOfUnit,
  isOwnUnit,
  packagedDirectories,
  unitDirectories,
  unitDirectory,
  unitName,
  unitText,
} from '../../../../src/model/mounts/persist/systemd-unit.ts'
import { G } from '../../../helpers/sizes.ts'

const desired: DesiredMount = {
  target: '/mnt/huge',
  pageSize: G,
  size: 4n * G,
  minSize: 2n * G,
  uid: 0,
  gid: 107,
  mode: '0770',
  flags: ['nosuid', 'nodev'],
}

t.test('the text of a unit', async (t) => {
  t.equal(
    unitText(desired),
    `# Written by hugepool; 'hugepool umount --persist' removes it.
[Unit]
Description=hugetlbfs with 1G pages on /mnt/huge
Documentation=https://docs.kernel.org/admin-guide/mm/hugetlbpage.html
Before=local-fs.target
After=systemd-sysctl.service
ConditionPathExists=/sys/kernel/mm/hugepages
ConditionCapability=CAP_SYS_ADMIN
ConditionVirtualization=!private-users

[Mount]
What=none
Where=/mnt/huge
Type=hugetlbfs
Options=nosuid,nodev,uid=0,gid=107,mode=0770,pagesize=1G,size=4294967296,min_size=2147483648

[Install]
WantedBy=local-fs.target
`,
  )
  t.ok(isOwnUnit(unitText(desired)))
  t.notOk(isOwnUnit(`\n${unitText(desired)}`))
  t.notOk(isOwnUnit(''))
})

t.test('specifiers are written so that they are none', async (t) => {
  t.match(unitText({ ...desired, target: '/mnt/%h 100%' }), '\nWhere=/mnt/%%h 100%%\n')
})

t.test('where units of others lie', async (t) => {
  for (const directory of ['/run/systemd/system', '/usr/lib/systemd/system'])
    t.ok(packagedDirectories.includes(directory), directory)
  t.notOk(packagedDirectories.includes(unitDirectory), 'the administrator\u2019s own')
  t.strictSame(unitDirectories.slice(0, 4), [
    '/etc/systemd/system.control',
    '/run/systemd/system.control',
    '/etc/systemd/system',
    '/run/systemd/system',
  ])
})

t.test('what a unit cannot hold is refused', async (t) => {
  const long = `/${'a'.repeat(200)}/${'b'.repeat(200)}`
  for (const target of ['/a\nb', '/a\rb', '/a ', '/a\t', '/a\\', '/$HOME', '/a/../b', long])
    t.throws(
      () => unitText({ ...desired, target }),
      { code: 'E_USAGE', reason: 'wrong-file', hint: '--persist fstab can name it' },
      target,
    )
})

const names = {
  '/mnt/huge': 'mnt-huge.mount',
  '//mnt/./huge//': 'mnt-huge.mount',
  '/': '-.mount',
  '/mnt/huge-1G': 'mnt-huge\\x2d1G.mount',
  '/.a/.b': '\\x2ea-.b.mount',
  '/ä:_@': '\\xc3\\xa4:_\\x40.mount',
}

t.test('names of units', async (t) => {
  for (const [path, name] of Object.entries(names)) t.equal(unitName(path), name, path)
  t.equal(unitName(`/${'a'.repeat(249)}`)?.length, 255)
  t.equal(unitName(`/${'a'.repeat(250)}`), undefined)
  t.equal(unitName('/a/..'), undefined)
})

t.test('the directory that the name of a unit stands for', async (t) => {
  for (const target of ['/', '/mnt/huge', '/mnt/huge-1G', '/mnt/a b', '/.hidden/.x', '/mnt/\u00e4'])
    t.equal(directoryOfUnit(unitName(target) ?? ''), target)
  for (const name of ['mnt-huge.service', '.mount', 'a b.mount', ''])
    t.equal(directoryOfUnit(name), undefined, name)
})
