import t from 'tap'
import { temporary } from '../helpers/run.ts'
import { copySparse, ownDisk } from './support/disk.ts'
import { boot } from './support/machine.ts'
import { timesShown, tooEarly, unitsIn } from './support/units.ts'

t.setTimeout(600_000)

const pages = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

/** The unit as it was installed, but for what it runs. */
const running = (...commands: readonly string[]) =>
  ['[Service]', 'ExecStart=', ...commands.map((line) => `ExecStart=/usr/bin/${line}`), ''].join(
    '\n',
  )

const unitDirectory = '/etc/systemd/system'
const commandPath = `${unitDirectory}/hugepool.service.d/command.conf`

/** Notes the pages of 2M before a unit or after it. */
const note = (when: 'Pre' | 'Post', name: string) =>
  `[Service]\nExecStart${when}=/bin/sh -c 'echo ${name} $(cat ${pages}) >>/run/seen'\n`

const notePath = (name: string) => `${unitDirectory}/${name}.service.d/note.conf`

/** A program that wants pages. */
const consumer = (name: string) => `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo ${name} $(cat ${pages}) >>/run/seen'
[Install]
WantedBy=laboratory.target
`

const table = `/dev/nvme0n1 / ext4 errors=remount-ro 0 1
huge /mnt/huge hugetlbfs pagesize=2M,min_size=32M 0 0
huge /mnt/huge1g hugetlbfs pagesize=1G,min_size=1G 0 0
`

/** The disk of a machine with the service, and with consumers, of which `strict` requires it. */
const installed = async (): Promise<string> => {
  const disk = ownDisk(t)
  await boot(t, {
    disk,
    files: {
      [`${unitDirectory}/strict.service`]: consumer('strict'),
      [`${unitDirectory}/lax.service`]: consumer('lax'),
    },
    script: `hugepool service install
      mkdir -p /mnt/huge /mnt/huge1g
      for unit in 'strict --requires' lax; do
        directory=${unitDirectory}/\${unit%% *}.service.d
        mkdir $directory
        hugepool service print $unit >$directory/hugepool.conf
      done
      systemctl enable strict lax`,
  })
  return disk
}

const disk = installed()

/** A copy of it. */
const copy = async (): Promise<string> => {
  const own = `${temporary(t)}/disk.ext4`
  copySparse(await disk, own)
  return own
}

const part = '=='
/** Parts of a script, each with output of its own. */
const parts = (...scripts: readonly string[]) => scripts.join(`\necho ${part}\n`)

/** In the order in which each has to have come to its end before the next begins. */
const chain = [
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  'hugepool.service',
  'local-fs-pre.target',
  'mnt-huge1g.mount',
  'local-fs.target',
  'systemd-tmpfiles-setup.service',
  'sysinit.target',
  'strict.service',
]

t.test('the service comes between the sysctls and the file systems', async (t) => {
  const files = {
    '/etc/fstab': table,
    '/etc/sysctl.d/50-pages.conf': 'vm.nr_hugepages = 7\n',
    '/etc/tmpfiles.d/pages.conf': `w ${pages} - - - - 99\n`,
    [notePath('systemd-sysctl')]: note('Pre', 'line') + note('Post', 'sysctl'),
    [notePath('hugepool')]: note('Post', 'hugepool'),
    [notePath('systemd-tmpfiles-setup')]: note('Post', 'tmpfiles'),
    [commandPath]: running(
      'hugepool resize 1G=1:1 2M=0:64,1:32',
      'hugepool mount /run/own --mkdir --size 4M --min-size 2M',
    ),
  }
  const script = parts(
    'systemctl is-system-running --wait',
    'systemd-analyze verify --man=no hugepool.service 2>&1',
    "journalctl -b | grep -i 'ordering cycle' || :",
    'sort /run/seen',
    'findmnt -n -r -t hugetlbfs -o TARGET,OPTIONS | sort',
    'cat /sys/devices/system/node/node[01]/hugepages/*/nr_hugepages',
    `systemctl show -p ${timesShown} ${chain.join(' ')}`,
  )
  const line = ['sysctl.vm.nr_hugepages=5']
  const said = await boot(t, { disk: await copy(), files, script, append: line })
  const [state, verified, cycles, seen, mounts, counts, units = ''] = said.split(`${part}\n`)
  t.strictSame({ state, verified, cycles }, { state: 'running\n', verified: '', cycles: '' })
  t.equal(
    seen,
    ['hugepool 96', 'lax 99', 'line 5', 'strict 99', 'sysctl 7', 'tmpfiles 99', ''].join('\n'),
    'each of those that write a pool had its way until the next',
  )
  t.equal(
    mounts,
    [
      '/dev/hugepages rw,relatime,pagesize=2M',
      '/mnt/huge rw,relatime,pagesize=2M,min_size=33554432',
      '/mnt/huge1g rw,relatime,pagesize=1024M,min_size=1073741824',
      '/run/own rw,nosuid,nodev,relatime,pagesize=2M,size=4194304,min_size=2097152',
      '',
    ].join('\n'),
    'all mounts are seen by others, that of the service too',
  )
  t.equal(counts, ['0', '65', '1', '34', ''].join('\n'), 'pages of 1G and 2M of each node')
  t.strictSame(tooEarly(units, chain), [])
})

t.test('too little memory fails the service, and nothing but who requires it', async (t) => {
  const files = {
    '/etc/fstab': table,
    [commandPath]: running('hugepool resize 2M=0:64,1:32', 'hugepool resize 1G=6 --leave 0'),
  }
  const script = parts(
    'systemctl is-system-running --wait || :',
    'systemctl --failed --no-legend --plain | cut -d " " -f 1',
    'cat /run/seen',
    'journalctl -b -o cat -u hugepool.service',
    'systemctl show -p Id,ActiveState,Result,ExecMainStatus hugepool strict lax local-fs.target',
    'cat /sys/kernel/mm/hugepages/*/nr_hugepages',
  )
  const said = await boot(t, { disk: await copy(), files, script })
  const [state, failed, seen, journal = '', units = '', counts = ''] = said.split(`${part}\n`)
  t.strictSame(
    { state, failed, seen },
    { state: 'degraded\n', failed: 'hugepool.service\n', seen: 'lax 96\n' },
  )
  const [gigantic] = counts.split('\n')
  t.match(journal, `hugepool: 1G: asked for 6, got ${gigantic}: ${6 - Number(gigantic)} short\n`)
  t.ok(Number(gigantic) > 0, 'what was had stays')
  t.strictSame(Object.fromEntries(unitsIn(units)), {
    'hugepool.service': {
      Id: 'hugepool.service',
      ActiveState: 'failed',
      Result: 'exit-code',
      ExecMainStatus: '64',
    },
    'strict.service': {
      Id: 'strict.service',
      ActiveState: 'inactive',
      Result: 'success',
      ExecMainStatus: '0',
    },
    'lax.service': {
      Id: 'lax.service',
      ActiveState: 'active',
      Result: 'success',
      ExecMainStatus: '0',
    },
    'local-fs.target': { Id: 'local-fs.target', ActiveState: 'active' },
  })
})
