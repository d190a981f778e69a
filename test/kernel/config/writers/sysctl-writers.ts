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

t.test('lines that others take the place of come first, where they are looked for', async (t) => {
  const minFree = '/proc/sys/vm/min_free_kbytes'
  const { tree, reader } = writerStage(t, {
    ...systemd,
    '/usr/lib/sysctl.d/10-a.conf': 'vm.min_free_kbytes=1\n',
    '/etc/sysctl.d/20-b.conf': 'vm.min_free_kbytes=2\nvm.min_free_kbytes=3\nvm.nr_hugepages=4\n',
    '/etc/sysctl.d/30-c.conf': 'vm.min_free*=5\n-kernel.shmmni\nkernel.shm*=6\n',
    '/etc/sysctl.d/40-d.conf': 'vm.min_free_kbytes=7\nvm.nr_hugepages=8\n',
  })
  const facts = { ...writableFacts, paths: [minFree, '/proc/sys/kernel/shmmni'] }
  const found = (overridden: boolean) =>
    sysctlWriters(tree, reader, { ...facts, overridden }).map(
      ({ file, line, value, path, overridden: isOverridden }) =>
        `${file}:${line} ${path === minFree ? 'min' : (path ?? 'pool')}=${value}${isOverridden ? ' overridden' : ''}`,
    )
  const counting = ['/etc/sysctl.d/40-d.conf:1 min=7', '/etc/sysctl.d/40-d.conf:2 pool=8']
  t.strictSame(found(false), counting)
  t.strictSame(found(true), [
    '/etc/sysctl.d/20-b.conf:1 min=2 overridden',
    '/etc/sysctl.d/20-b.conf:2 min=3 overridden',
    '/etc/sysctl.d/20-b.conf:3 pool=4 overridden',
    '/etc/sysctl.d/30-c.conf:1 min=5 overridden',
    ...counting,
  ])
})
