import t from 'tap'
import { ownDisk } from './support/disk.ts'
import { boot } from './support/machine.ts'

t.setTimeout(600_000)

/** The unit, with what a configuration of this machine would come to. */
const unit = `[Unit]
Description=Apply the hugepage configuration
DefaultDependencies=no
Conflicts=shutdown.target
Wants=local-fs-pre.target
After=systemd-modules-load.service systemd-sysctl.service
Before=dev-hugepages.mount local-fs-pre.target sysinit.target shutdown.target
ConditionPathExists=/sys/kernel/mm/hugepages
ConditionPathExists=!/proc/vmcore
ConditionVirtualization=!container
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/hugepool resize 1G=1:1 2M=0:64,1:32
TimeoutStartSec=10min
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_SYS_NICE
NoNewPrivileges=yes
SystemCallFilter=@system-service @mount @pkey
SystemCallErrorNumber=EPERM
[Install]
WantedBy=sysinit.target
`

const table = `/dev/nvme0n1 / ext4 errors=remount-ro 0 1
huge /mnt/huge hugetlbfs pagesize=2M,min_size=32M 0 0
huge /mnt/huge1g hugetlbfs pagesize=1G,min_size=1G 0 0
`

const pages = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

/** Notes the pages of 2M before a unit or after it. */
const note = (when: 'Pre' | 'Post', name: string) =>
  `[Service]\nExecStart${when}=/bin/sh -c 'echo ${name} $(cat ${pages}) >>/run/seen'\n`

/** The units in the order in which each has to have come to its end before the next begins. */
const chain = [
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  'hugepool.service',
  'local-fs-pre.target',
  'mnt-huge1g.mount',
  'local-fs.target',
  'systemd-tmpfiles-setup.service',
  'sysinit.target',
]

/** Properties of units, as systemctl show writes them, by their names. */
const shown = (text: string): ReadonlyMap<string, Readonly<Record<string, string>>> =>
  new Map(
    text
      .trim()
      .split('\n\n')
      .map((block) => {
        const unit = Object.fromEntries(
          block
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        )
        return [unit.Id ?? '', unit]
      }),
  )

t.test('the service comes between the sysctls and the file systems', async (t) => {
  const disk = ownDisk(t)
  const drop = (name: string) => `/etc/systemd/system/${name}.service.d/note.conf`
  const installed = { '/etc/systemd/system/hugepool.service': unit }
  await boot(t, { disk, files: installed, script: 'systemctl enable hugepool.service' })
  const files = {
    '/etc/fstab': table,
    '/mnt/huge/.d': '',
    '/mnt/huge1g/.d': '',
    '/etc/sysctl.d/50-pages.conf': 'vm.nr_hugepages = 7\n',
    '/etc/tmpfiles.d/pages.conf': `w ${pages} - - - - 99\n`,
    [drop('systemd-sysctl')]: note('Pre', 'line') + note('Post', 'sysctl'),
    [drop('hugepool')]: note('Post', 'hugepool'),
    [drop('systemd-tmpfiles-setup')]: note('Post', 'tmpfiles'),
  }
  const script = `systemd-analyze verify hugepool.service 2>&1
    echo ==
    journalctl -b | grep -i 'ordering cycle' || :
    echo ==
    cat /run/seen
    echo ==
    findmnt -n -t hugetlbfs -o TARGET,OPTIONS
    cat /sys/devices/system/node/node[01]/hugepages/*/nr_hugepages
    systemctl --failed --no-legend
    echo ==
    systemctl show -p Id,ActiveState,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic \\
      ${chain.join(' ')}`
  const said = await boot(t, { disk, files, script, append: ['sysctl.vm.nr_hugepages=5'] })
  const [verified, cycles, seen, there, units = ''] = said.split('==\n')
  t.strictSame({ verified, cycles }, { verified: '', cycles: '' })
  t.equal(seen, 'line 5\nsysctl 7\nhugepool 96\ntmpfiles 99\n', 'who writes later wins')
  t.equal(
    there,
    [
      '/dev/hugepages rw,relatime,pagesize=2M',
      '/mnt/huge1g    rw,relatime,pagesize=1024M,min_size=1073741824',
      '/mnt/huge      rw,relatime,pagesize=2M,min_size=33554432',
      ...['0', '65', '1', '34', ''],
    ].join('\n'),
    'mounts and pages are there, and nothing failed',
  )
  const times = shown(units)
  const late = chain.slice(1).filter((name, index) => {
    const [before, after] = [times.get(chain[index] ?? ''), times.get(name)]
    return !(
      Number(before?.ActiveEnterTimestampMonotonic) > 0 &&
      Number(before?.ActiveEnterTimestampMonotonic) <= Number(after?.InactiveExitTimestampMonotonic)
    )
  })
  t.strictSame(late, [])
})
