import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { serviceText } from '../../../src/model/config/service/service-text.ts'
import { writerWords } from '../../../src/model/config/writers/writer-words.ts'
import { findWriters } from '../../../src/operations/config/find-writers.ts'
import { readConfiguration } from '../../../src/operations/config/read-configuration.ts'
import { answering } from '../../helpers/failing-files.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { treeCopy } from '../../helpers/run.ts'
import { hugepool, node } from '../../helpers/service-machine.ts'

const wants = '/etc/systemd/system/sysinit.target.wants'

/** A recorded machine of two nodes with files of its own, and the service, enabled or not. */
const machine = (t: Test, files: Readonly<Record<string, string>>, isApplied = true) => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, {
    [`${wants}/.keep`]: '',
    '/etc/systemd/system/hugepool.service': serviceText('systemd', {
      words: [node, hugepool],
      form: 'early',
      late: [],
    }),
    [node]: '',
    [hugepool]: '',
    '/etc/group': 'huge:x:7:\n',
    '/proc/cmdline': 'quiet\n',
    ...files,
  })
  if (isApplied) symlinkSync('../hugepool.service', join(root, wants, 'hugepool.service'))
  const ports = portsOn(root)
  return {
    root,
    find: async () => {
      const configuration = readConfiguration({ tree: directoryTree(root) }, { from: 'machine' })
      const { writers, unread } = await findWriters(ports, configuration)
      return { lines: writers.map(writerWords), writers, unread }
    },
  }
}

const config = {
  '/etc/hugepool.toml': `[pools.2M]
pages = "0:5,1:3"
overcommit = 4
[tune]
shm-group = "huge"
`,
}
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

t.test('all that sets the same, in the order of a start', async (t) => {
  const { find } = machine(t, {
    ...config,
    '/proc/cmdline': 'hugepages=8 sysctl.vm.nr_hugepages=9\n',
    '/etc/tuned/bootcmdline': 'TUNED_BOOT_CMDLINE="hugepages=6"\n',
    '/etc/initramfs-tools/hooks/a': 'copy_file config /etc/sysctl.d/a.conf\n',
    '/etc/initramfs-tools/scripts/init-top/a': `echo 7 > ${pool}\n`,
    '/etc/sysctl.d/a.conf': 'vm.nr_overcommit_hugepages=4\nvm.hugetlb_shm_group=8\n',
    '/etc/tmpfiles.d/b.conf': `w ${pool} - - - - 9\n`,
    '/etc/rc.local': `echo 8 > ${pool}\nhugeadm --x\n`,
  })
  const { lines, writers, unread } = await find()
  t.strictSame(unread, [])
  t.strictSame(lines, [
    '/proc/cmdline: the kernel command line sets 2M to 8, before hugepool, as it is wanted',
    '/proc/cmdline: the kernel command line sets 2M to 9, before hugepool, which overrides it',
    '/etc/tuned/bootcmdline: tuned sets 2M to 6, before hugepool, which overrides it',
    '/etc/sysctl.d/a.conf:1: what the initrd may have of it sets 2M overcommit to 4, before hugepool, as it is wanted',
    '/etc/sysctl.d/a.conf:2: what the initrd may have of it sets shm-group to 8, before hugepool, which overrides it',
    '/etc/initramfs-tools/scripts/init-top/a:1: a script of the initrd sets 2M to 7, before hugepool, which overrides it',
    '/etc/sysctl.d/a.conf:1: systemd-sysctl sets 2M overcommit to 4, before hugepool, as it is wanted',
    '/etc/sysctl.d/a.conf:2: systemd-sysctl sets shm-group to 8, before hugepool, which overrides it',
    '/etc/tmpfiles.d/b.conf:1: systemd-tmpfiles sets 2M to 9, after hugepool, and is overridden',
    '/etc/rc.local:1: a script of the start sets 2M to 8, after hugepool, as it is wanted',
    '/etc/rc.local:2: a script of the start may set pages, which cannot be told: hugeadm --x',
  ])
  t.strictSame(
    writers.map(({ wins, agrees }) => [wins, agrees]),
    [
      [false, true],
      [false, false],
      [false, false],
      [false, true],
      [false, false],
      [false, false],
      [false, true],
      [false, false],
      [false, false],
      [true, true],
      [undefined, undefined],
    ],
  )
})

t.test('without the service others win', async (t) => {
  const files = { ...config, '/etc/sysctl.d/a.conf': 'vm.nr_hugepages=9\n' }
  const { lines } = await machine(t, files, false).find()
  t.strictSame(lines, ['/etc/sysctl.d/a.conf:1: systemd-sysctl sets 2M to 9, and nothing after it'])
})

t.test('nothing is found of what is not configured', async (t) => {
  const files = { '/etc/sysctl.d/a.conf': 'vm.nr_hugepages=9\n', '/etc/rc.local': 'hugeadm --x\n' }
  t.strictSame((await machine(t, files).find()).lines, [])
  const other = { ...files, '/etc/hugepool.toml': '[pools.1G]\npages = 1\n' }
  t.strictSame((await machine(t, other).find()).lines, [
    '/etc/rc.local:1: a script of the start may set pages, which cannot be told: hugeadm --x',
  ])
})

t.test('a group that is not there, and files that may not be read', async (t) => {
  const { find, root } = machine(t, {
    '/etc/hugepool.toml': '[tune]\nshm-group = "nobody-there"\n',
    '/etc/sysctl.d/a.conf': 'vm.hugetlb_shm_group=8\n',
    '/etc/rc.local': 'x\n',
  })
  answering(t, `${root}/etc/rc.local`, 'EACCES', ['openSync'])
  const { writers, unread } = await find()
  t.strictSame(
    writers.map(({ agrees }) => agrees),
    [undefined],
  )
  t.strictSame(unread, ['/etc/rc.local'])
})
