import t, { type Test } from 'tap'
import { lateWriters, startWriters } from '../../../../src/kernel/config/writers/file-writers.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const echo = `echo 5 > ${pool}\n`

const found = (t: Test, files: Readonly<Record<string, string>>) => {
  const { tree, reader } = writerStage(t, files)
  return [...startWriters(tree, reader, writableFacts), ...lateWriters(reader, writableFacts)].map(
    writerLine,
  )
}

t.test('tmpfiles.d, by its precedence', async (t) => {
  const nodes = '/sys/devices/system/node/node*/hugepages/hugepages-1048576kB/nr_hugepages'
  t.strictSame(
    found(t, {
      '/usr/lib/tmpfiles.d/90-a.conf': `w ${nodes} - - - - 2\n`,
      '/etc/tmpfiles.d/10-b.conf': `# x\nw! ${pool} - - - - 7\nw ${pool} - - - - 8\n`,
      '/run/tmpfiles.d/20-c.conf': `w ${pool} - - - - 9\n`,
      '/usr/lib/tmpfiles.d/10-b.conf': `w ${pool} - - - - 1\n`,
    }),
    [
      'tmpfiles after /etc/tmpfiles.d/10-b.conf:2 persistent 2M=7',
      'tmpfiles after /usr/lib/tmpfiles.d/90-a.conf:1 persistent 1G@0=2',
      'tmpfiles after /usr/lib/tmpfiles.d/90-a.conf:1 persistent 1G@1=2',
    ],
  )
})

const places: readonly (readonly [string, string, readonly string[]])[] = [
  [
    '/etc/dpdk/dpdk.conf',
    'NR_2M_PAGES=64\nNR_1G_PAGES=\nNR_16M_PAGES=3\nNR_2M_PAGES=65\n',
    ['dpdk after /etc/dpdk/dpdk.conf:4 persistent 2M=65'],
  ],
  [
    '/etc/sysfs.conf',
    'kernel/mm/hugepages/hugepages-2048kB/nr_hugepages = 64\n',
    ['sysfs after /etc/sysfs.conf:1 persistent 2M=64'],
  ],
  [
    '/etc/sysfs.d/a.conf',
    'kernel/mm/hugepages/hugepages-1048576kB/nr_overcommit_hugepages=4\n',
    ['sysfs after /etc/sysfs.d/a.conf:1 overcommit 1G=4'],
  ],
  ['/etc/sysfs.d/a', 'kernel/mm/hugepages/hugepages-2048kB/nr_hugepages=4\n', []],
  [
    '/etc/pf_ring/hugepages.conf',
    'node=0 hugepagenumber=1024\n',
    ['pf-ring after /etc/pf_ring/hugepages.conf:1 node=0 hugepagenumber=1024'],
  ],
  [
    '/etc/libvirt/hooks/qemu',
    `#!/bin/sh\n${echo}`,
    ['libvirt after /etc/libvirt/hooks/qemu:2 persistent 2M=5'],
  ],
  [
    '/etc/libvirt/hooks/qemu.d/10-pages',
    'virsh allocpages 2M 64\n',
    ['libvirt after /etc/libvirt/hooks/qemu.d/10-pages:1 virsh allocpages 2M 64'],
  ],
  [
    '/etc/pve/qemu-server/100.conf',
    'cores: 4\nhugepages: 1024\n',
    ['proxmox after /etc/pve/qemu-server/100.conf:2 hugepages: 1024'],
  ],
  ['/var/lock/hugepages.lck', '', ['proxmox after /var/lock/hugepages.lck undefined']],
  ['/var/lock/other.lck', '', []],
  [
    '/etc/xmrig/config.json',
    '{ "cpu": {\n"huge-pages": true,\n"1gb-pages": false } }\n',
    ['xmrig after /etc/xmrig/config.json:2 "huge-pages": true'],
  ],
  ...[
    '/etc/xmrig.json',
    '/opt/xmrig/config.json',
    '/root/.xmrig.json',
    '/root/.config/xmrig.json',
  ].map(
    (file) => [file, '"1gb-pages": true\n', [`xmrig after ${file}:1 "1gb-pages": true`]] as const,
  ),
  ['/etc/rc.local', echo, ['rc-local after /etc/rc.local:1 persistent 2M=5']],
  ['/etc/rc.d/rc.local', echo, ['rc-local after /etc/rc.d/rc.local:1 persistent 2M=5']],
  ['/etc/local.d/a.start', echo, ['rc-local after /etc/local.d/a.start:1 persistent 2M=5']],
  ['/etc/local.d/a.stop', echo, []],
  [
    '/etc/crontab',
    `@reboot root ${echo}0 4 * * * root ${echo}`,
    ['cron after /etc/crontab:1 persistent 2M=5'],
  ],
  ['/etc/cron.d/a', `@reboot root ${echo}`, ['cron after /etc/cron.d/a:1 persistent 2M=5']],
  [
    '/var/spool/cron/crontabs/root',
    `@reboot ${echo}`,
    ['cron after /var/spool/cron/crontabs/root:1 persistent 2M=5'],
  ],
  [
    '/var/spool/cron/root',
    `@reboot ${echo}`,
    ['cron after /var/spool/cron/root:1 persistent 2M=5'],
  ],
  [
    '/etc/cloud/cloud.cfg.d/a.cfg',
    'runcmd:\n  - sysctl -w vm.nr_hugepages=9\n',
    ['cloud-init after /etc/cloud/cloud.cfg.d/a.cfg:2 persistent 2M=9'],
  ],
  [
    '/var/lib/cloud/instance/user-data.txt',
    `#!/bin/sh\n${echo}`,
    ['cloud-init after /var/lib/cloud/instance/user-data.txt:2 persistent 2M=5'],
  ],
]

for (const [file, text, lines] of places)
  t.test(`${file}${lines.length > 0 ? '' : ' is not looked into'}`, async (t) => {
    t.strictSame(found(t, { [file]: text }), lines)
  })

t.test('they come in the order of a start', async (t) => {
  t.strictSame(
    found(t, {
      '/etc/rc.local': echo,
      '/etc/dpdk/dpdk.conf': 'NR_2M_PAGES=1\n',
      '/etc/tmpfiles.d/a.conf': `w ${pool} - - - - 2\n`,
    }).map((line) => line.split(' ')[0]),
    ['tmpfiles', 'dpdk', 'rc-local'],
  )
})

t.test('where no pool is looked for, files that set pools alone are not read', async (t) => {
  const files = {
    '/etc/dpdk/dpdk.conf': 'NR_2M_PAGES=3\n',
    '/etc/pf_ring/hugepages.conf': 'node=0 hugepagenumber=4\n',
    '/etc/pve/qemu-server/100.conf': 'hookscript: hugeadm\n',
    '/etc/xmrig.json': '{\n"huge-pages": true\n}\n',
    '/etc/rc.local': 'sysctl kernel.shmmax=5\n',
  }
  const path = '/proc/sys/kernel/shmmax'
  const { tree, reader } = writerStage(t, files)
  const read: string[] = []
  const noting = {
    ...reader,
    read: (file: string) => {
      read.push(file)
      return reader.read(file)
    },
  }
  const facts = { sizes: [], nodes: [], paths: [path] }
  t.strictSame(startWriters(tree, noting, facts), [])
  t.strictSame(lateWriters(noting, facts), [
    { source: 'rc-local', file: '/etc/rc.local', when: 'after', path, value: '5', line: 1 },
  ])
  t.strictSame(
    Object.keys(files).filter((file) => read.includes(file)),
    ['/etc/rc.local'],
  )
  t.strictSame(
    [...startWriters(tree, reader, writableFacts), ...lateWriters(reader, writableFacts)].map(
      ({ source }) => source,
    ),
    ['dpdk', 'pf-ring', 'proxmox', 'xmrig'],
  )
})

t.test(
  'patterns of tmpfiles.d are written after paths, and what is overridden comes first',
  async (t) => {
    const { tree, reader } = writerStage(t, {
      '/usr/lib/tmpfiles.d/05-a.conf': `w ${pool.replace('nr_hugepages', 'nr_huge*')} - - - - 1\n`,
      '/etc/tmpfiles.d/10-b.conf': `w ${pool} - - - - 2\n`,
      '/etc/tmpfiles.d/20-c.conf': `w ${pool} - - - - 3\n`,
      '/usr/lib/tmpfiles.d/30-d.conf': `w ${pool} - - - - 4\n`,
    })
    const values = (overridden: boolean) =>
      startWriters(tree, reader, { ...writableFacts, overridden })
        .filter(({ what }) => what?.attribute === 'persistent')
        .map(({ value, overridden: isOverridden }) => [value, isOverridden])
    const counting = [
      ['2', undefined],
      ['1', undefined],
    ]
    t.strictSame(values(false).slice(0, 2), counting)
    t.strictSame(values(true).slice(0, 3), [['3', true], ...counting])
  },
)
