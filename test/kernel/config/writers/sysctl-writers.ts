import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  reappliedSysctls,
  sysctlWriters,
} from '../../../../src/kernel/config/writers/sysctl-writers.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const systemd = { '/etc/systemd/system/.keep': '' }

const sysctls = (t: Test, files: Readonly<Record<string, string>>) => {
  const { tree, reader } = writerStage(t, files)
  return sysctlWriters(tree, reader, writableFacts).map(writerLine)
}

t.test('sysctl.d, by its precedence', async (t) => {
  t.strictSame(
    sysctls(t, {
      ...systemd,
      '/usr/lib/sysctl.d/90-a.conf': 'vm.nr_hugepages=1\nvm.nr_overcommit_hugepages=2\n',
      '/run/sysctl.d/80-b.conf': 'vm.nr_hugepages=3\n',
      '/etc/sysctl.d/70-c.conf': 'vm.hugetlb_shm_group=5\n',
      '/etc/sysctl.d/99-ignored': 'vm.nr_hugepages=9\n',
    }),
    [
      'sysctl before /etc/sysctl.d/70-c.conf:1 shm-group=5',
      'sysctl before /usr/lib/sysctl.d/90-a.conf:1 persistent 2M=1',
      'sysctl before /usr/lib/sysctl.d/90-a.conf:2 overcommit 2M=2',
    ],
  )
  t.strictSame(
    sysctls(t, {
      ...systemd,
      '/usr/lib/sysctl.d/90-a.conf': 'vm.nr_hugepages=1\n',
      '/usr/local/lib/sysctl.d/90-a.conf': 'vm.nr_hugepages=2\n',
      '/etc/sysctl.d/90-a.conf': '',
    }),
    [],
    'an empty file masks those of its name',
  )
})

t.test('/etc/sysctl.conf counts where a link leads to it, or systemd is not there', async (t) => {
  const conf = { '/etc/sysctl.conf': 'vm.nr_hugepages=4\n' }
  t.strictSame(sysctls(t, { ...systemd, ...conf }), [])
  t.strictSame(sysctls(t, conf), ['sysctl before /etc/sysctl.conf:1 persistent 2M=4'])
  const { root, tree, reader } = writerStage(t, { ...systemd, ...conf })
  mkdirSync(join(root, '/etc/sysctl.d'))
  symlinkSync('../sysctl.conf', join(root, '/etc/sysctl.d/99-sysctl.conf'))
  t.strictSame(sysctlWriters(tree, reader, writableFacts).map(writerLine), [
    'sysctl before /etc/sysctl.d/99-sysctl.conf:1 persistent 2M=4',
  ])
})

t.test('tuned applies those of /etc and /run again', async (t) => {
  const { tree, reader } = writerStage(t, {
    ...systemd,
    '/etc/sysctl.conf': 'vm.hugetlb_shm_group=4\n',
    '/usr/lib/sysctl.d/99-a.conf': 'vm.nr_hugepages=1\n',
    '/run/sysctl.d/80-b.conf': 'vm.nr_hugepages=3\n',
  })
  t.strictSame(reappliedSysctls(tree, reader, writableFacts).map(writerLine), [
    'tuned after /run/sysctl.d/80-b.conf:1 persistent 2M=3',
    'tuned after /etc/sysctl.conf:1 shm-group=4',
  ])
})
