import t from 'tap'
import { readStartFiles } from '../../../src/kernel/config/start-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

t.test('the files that count, in their order', async (t) => {
  const { root } = tunedStage(t, {
    '/etc/sysctl.d/50-a.conf': 'a',
    '/usr/lib/sysctl.d/50-a.conf': 'hidden',
    '/usr/lib/sysctl.d/10-b.conf': 'b',
    '/etc/sysctl.conf': 'not read by systemd',
    '/run/tmpfiles.d/c.conf': 'c',
    '/etc/tmpfiles.d/d.txt': 'no',
  })
  t.strictSame(readStartFiles(directoryTree(root), []), {
    sysctl: [
      { file: '/usr/lib/sysctl.d/10-b.conf', text: 'b' },
      { file: '/etc/sysctl.d/50-a.conf', text: 'a' },
    ],
    tmpfiles: [{ file: '/run/tmpfiles.d/c.conf', text: 'c' }],
    late: [],
    unread: [],
  })
})

const thp = '/sys/kernel/mm/transparent_hugepage'
const enabled = `${thp}/enabled`
const defrag = `${thp}/defrag`
const group = '/proc/sys/vm/hugetlb_shm_group'
const wants = '/etc/systemd/system/multi-user.target.wants'
const unit = '/etc/systemd/system/thp.service'
const early = '/etc/systemd/system/early.service'
const exec = `[Service]\nExecStart=/bin/sh -c "echo never > ${enabled}"\n`
const profile = '/usr/lib/tuned/mine/tuned.conf'

const lateFiles = {
  '/etc/sysfs.conf': 'kernel/mm/transparent_hugepage/enabled = madvise\n',
  [unit]: exec,
  [`${wants}/thp.service`]: '',
  [early]: `[Unit]\nDefaultDependencies=no\n${exec}`,
  [`${wants}/early.service`]: '',
  [`${wants}/tuned.service`]: '',
  '/etc/tuned/active_profile': 'mine\n',
  [profile]: '[vm]\ntransparent_hugepages=always\n[sysctl]\nvm.hugetlb_shm_group=5\n',
  '/etc/rc.local': `#!/bin/sh\n\necho defer > ${defrag}\nhugeadm --x\n`,
  '/etc/tmpfiles.d/a.conf': `w ${enabled} - - - - never\n`,
}

t.test('what comes after them, in its order', async (t) => {
  const { root } = tunedStage(t, lateFiles)
  const tree = directoryTree(root)
  const late = [
    { path: enabled, file: '/etc/sysfs.conf', text: 'madvise', line: 1 },
    { path: enabled, file: unit, text: 'never', line: 2 },
    { path: enabled, file: profile, text: 'always', line: 2 },
  ]
  t.strictSame(readStartFiles(tree, [enabled]).late, late)
  t.strictSame(readStartFiles(tree, [defrag]).late, [
    { path: defrag, file: '/etc/rc.local', text: 'defer', line: 3 },
  ])
  t.strictSame(readStartFiles(tree, []).late, [])
})

t.test('tuned applies sysctls again, as they will be', async (t) => {
  const { root } = tunedStage(t, lateFiles)
  const tree = directoryTree(root)
  const own = '/etc/sysctl.d/90-hugepool.conf'
  const five = { path: group, file: profile, text: '5', line: 4 }
  t.strictSame(readStartFiles(tree, [group]).late, [five])
  const text = 'vm.hugetlb_shm_group = 7\n'
  const planned = readStartFiles(tree, [group], new Map([[own, text]]))
  t.strictSame(planned.sysctl, [{ file: own, text }])
  t.strictSame(planned.late, [five, { path: group, file: own, text: '7', line: 1 }])
})
