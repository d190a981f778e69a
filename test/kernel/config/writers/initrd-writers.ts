import t, { type Test } from 'tap'
import { initrdWriters } from '../../../../src/kernel/config/writers/initrd-writers.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const found = (t: Test, files: Readonly<Record<string, string>>) => {
  const { tree, reader } = writerStage(t, files)
  return initrdWriters(tree, reader, writableFacts).map(writerLine)
}

const pages = (count: number) => `echo ${count} > /proc/sys/vm/nr_hugepages\n`
const sysctls = {
  '/etc/sysctl.d/10-a.conf': 'vm.nr_hugepages=5\n',
  '/etc/sysctl.d/20-b.conf': 'vm.hugetlb_shm_group=6\n',
  '/etc/sysctl.d/README': 'vm.nr_hugepages=9\n',
}
const five = 'initrd-copy before /etc/sysctl.d/10-a.conf:1 persistent 2M=5'
const six = 'initrd-copy before /etc/sysctl.d/20-b.conf:1 shm-group=6'

t.test('scripts of the initrd', async (t) => {
  const scripts = '/etc/initramfs-tools/scripts'
  const modules = '/usr/lib/dracut/modules.d'
  t.strictSame(
    found(t, {
      [`${scripts}/init-top/huge`]: `#!/bin/sh\n${pages(5)}`,
      [`${scripts}/local-bottom/other`]: '#!/bin/sh\necho nothing\n',
      [`${scripts}/nfs`]: pages(6),
      [`${modules}/90huge/pages.sh`]: pages(7),
      [`${modules}/90huge/README`]: pages(8),
    }),
    [
      `initrd before ${scripts}/nfs:1 persistent 2M=6`,
      `initrd before ${scripts}/init-top/huge:2 persistent 2M=5`,
      `initrd before ${modules}/90huge/pages.sh:1 persistent 2M=7`,
    ],
  )
  t.strictSame(found(t, {}), [])
})

t.test('files that the initrd has copies of', async (t) => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['/etc/dracut.conf', 'install_items+=" /etc/sysctl.d/10-a.conf "\n', [five]],
    ['/etc/dracut.conf.d/a.conf', 'install_optional_items+=" /etc/sysctl.d/2*.conf /x "\n', [six]],
    ['/etc/dracut.conf.d/a.conf.old', 'install_items+=/etc/sysctl.d/10-a.conf\n', []],
    ['/usr/lib/dracut/dracut.conf.d/a.conf.old', 'install_items+=/etc/sysctl.d/10-a.conf\n', []],
    ['/etc/dracut.conf.d/a', 'install_items+=" /etc/sysctl.d/10-a.conf "\n', []],
    [
      '/usr/lib/dracut/dracut.conf.d/a.conf',
      '# install_items+=" /etc/sysctl.d/20-b.conf "\ninstall_items+=/etc/sysctl.d/10-a.conf\n',
      [five],
    ],
    [
      '/etc/initramfs-tools/hooks/pages',
      '#!/bin/sh\ncp -r /etc/sysctl.d/ "$DESTDIR/etc/sysctl.d"\n',
      [five, six],
    ],
    ['/etc/initramfs-tools/hooks/other', 'echo /etc/sysctl.d/10-a.conf\n', []],
  ]
  for (const [file, text, lines] of cases)
    t.strictSame(found(t, { ...sysctls, [file]: text }), lines, file)
})

t.test('dracut takes sysctl.d along by a module', async (t) => {
  const setup = (name: string) => ({ [`/usr/lib/dracut/modules.d/${name}/setup.sh`]: 'true\n' })
  t.strictSame(found(t, { ...sysctls, ...setup('01systemd-sysctl') }), [five, six])
  t.strictSame(found(t, { ...sysctls, ...setup('01systemd-sysctl-not') }), [])
  const named = { '/etc/dracut.conf': 'install_items+=" /etc/sysctl.d/20-b.conf "\n' }
  const all = { ...sysctls, ...setup('01systemd-sysctl'), ...named }
  t.strictSame(found(t, all), [five, six], 'each is told once')
})

t.test('a script that the initrd has a copy of', async (t) => {
  const hook = '/etc/initramfs-tools/hooks/pages'
  const script = '/usr/local/sbin/pages'
  const files = { [hook]: `copy_exec ${script}\n` }
  t.strictSame(found(t, { ...files, [script]: `#!/bin/sh\n${pages(4)}` }), [
    `initrd-copy before ${script}:2 persistent 2M=4`,
  ])
  t.strictSame(found(t, { ...files, [script]: `\x7fELF\n${pages(4)}` }), [])
  t.strictSame(found(t, files), [])
})
