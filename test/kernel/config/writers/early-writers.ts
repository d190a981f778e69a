import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  initrdWriters,
  lineWriters,
  reappliedSysctls,
  sysctlWriters,
  tunedLineWriters,
} from '../../../../src/kernel/config/writers/early-writers.ts'
import { targetOf } from '../../../helpers/generated.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const target = targetOf('6.12')

const systemd = { '/etc/systemd/system/.keep': '' }

t.test('the kernel command line', async (t) => {
  const found = (line: string) =>
    lineWriters(writerStage(t, { '/proc/cmdline': `${line}\n` }).tree, writableFacts, target).map(
      writerLine,
    )
  t.strictSame(found('quiet hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=0:5,1:3'), [
    'kernel-line before /proc/cmdline persistent 2M=8',
    'kernel-line before /proc/cmdline persistent 1G=2',
  ])
  t.strictSame(found('hugepages=7 sysctl.vm.nr_hugepages=9 sysctl.vm/nr_overcommit_hugepages=4'), [
    'kernel-line before /proc/cmdline persistent 2M=7',
    'kernel-line before /proc/cmdline persistent 2M=9',
    'kernel-line before /proc/cmdline overcommit 2M=4',
  ])
  t.strictSame(found('hugepages=1'), ['kernel-line before /proc/cmdline persistent 2M=1'])
  t.strictSame(found('hugepagesz=1G hugepages=0 default_hugepagesz=2M'), [])
  t.strictSame(found('-- hugepages=7'), [])
  t.strictSame(lineWriters(writerStage(t, {}).tree, writableFacts, target), [])
})

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

t.test('words that tuned adds to the kernel command line', async (t) => {
  const boot = '/etc/tuned/bootcmdline'
  const found = (words: string, line: string) => {
    const files = { [boot]: `TUNED_BOOT_CMDLINE="${words}"\n`, '/proc/cmdline': `${line}\n` }
    const { tree, reader } = writerStage(t, files)
    return tunedLineWriters(tree, reader, writableFacts, target).map(writerLine)
  }
  const words = 'hugepages=7 sysctl.vm.nr_overcommit_hugepages=3'
  const set = [`tuned before ${boot} persistent 2M=7`, `tuned before ${boot} overcommit 2M=3`]
  t.strictSame(found(words, 'quiet'), set)
  t.strictSame(found(words, `quiet ${words}`), [], 'this start had them')
  t.strictSame(found('', 'quiet'), [])
  const bare = writerStage(t, { [boot]: `TUNED_BOOT_CMDLINE="${words}"\n` })
  t.strictSame(tunedLineWriters(bare.tree, bare.reader, writableFacts, target).map(writerLine), set)
  const none = writerStage(t, {})
  t.strictSame(tunedLineWriters(none.tree, none.reader, writableFacts, target), [])
})

t.test('scripts of the initrd', async (t) => {
  const scripts = '/etc/initramfs-tools/scripts'
  const { reader } = writerStage(t, {
    [`${scripts}/init-top/huge`]: '#!/bin/sh\necho 5 > /proc/sys/vm/nr_hugepages\n',
    [`${scripts}/local-bottom/other`]: '#!/bin/sh\necho nothing\n',
    [`${scripts}/nfs`]: 'echo 6 > /proc/sys/vm/nr_hugepages\n',
  })
  t.strictSame(initrdWriters(reader, writableFacts).map(writerLine), [
    `initrd before ${scripts}/init-top/huge:2 persistent 2M=5`,
  ])
  t.strictSame(initrdWriters(writerStage(t, {}).reader, writableFacts), [])
})
