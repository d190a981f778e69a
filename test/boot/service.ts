import t from 'tap'
import { applySchema, checkSchema } from '../../src/output/schemas/desired-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { ownDisk } from './support/disk.ts'
import { foretold, foundSettings, settingsScript } from './support/foretold.ts'
import { runStage, type Stage } from './support/stages.ts'
import { timesShown, tooEarly, unitsIn } from './support/units.ts'

t.setTimeout(900_000)

// One machine that is started again and again: each test begins where the one before has left it.

const pages = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
const giganticPages = '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'
const overcommit = '/proc/sys/vm/nr_overcommit_hugepages'

const unitDirectory = '/etc/systemd/system'

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

const plainTable = '/dev/nvme0n1 / ext4 errors=remount-ro 0 1\n'
const table = `${plainTable}huge /mnt/huge hugetlbfs pagesize=2M,min_size=32M 0 0
huge /mnt/huge1g hugetlbfs pagesize=1G,min_size=1G 0 0
`

/** The root is not yet writable when the service runs: what is mounted there has its directory. */
const configuration = `version = 1
[pools.1G]
pages = "1:1"
[pools.2M]
pages = "0:64,1:32"
[mounts."/run/own"]
page-size = "2M"
size = "4M"
min-size = "2M"
gid = "users"
mode = "0770"
mkdir = true
[mounts."/mnt/own1g"]
page-size = "1G"
[tune]
shm-group = "users"
`

/** The number of Debian's group `users`. */
const users = 100

const wanted = {
  'persistent 1073741824': 1,
  'persistent 2097152': 96,
  'overcommit 1073741824': 0,
  'overcommit 2097152': 16,
  'shm-group': users,
}

const files = {
  [`${unitDirectory}/strict.service`]: consumer('strict'),
  [`${unitDirectory}/lax.service`]: consumer('lax'),
  [notePath('systemd-sysctl')]: note('Pre', 'line') + note('Post', 'sysctl'),
  [notePath('hugepool')]: note('Post', 'hugepool'),
  [notePath('systemd-tmpfiles-setup')]: note('Post', 'tmpfiles'),
  '/etc/sysctl.d/50-pages.conf': 'vm.nr_hugepages = 7\n',
}

const disk = ownDisk(t)
const append = ['sysctl.vm.nr_hugepages=5', 'sysctl.vm.nr_overcommit_hugepages=3']
const stage = (each: Stage, placed = {}) => runStage(t, each, { disk, append, files: placed })

let foretelling = ''

t.test('the service is installed', async (t) => {
  const install = `hugepool service install
    mkdir -p /mnt/huge /mnt/huge1g /mnt/own1g
    for unit in 'strict --requires' lax; do
      directory=${unitDirectory}/\${unit%% *}.service.d
      mkdir $directory
      hugepool service print $unit >$directory/hugepool.conf
    done
    systemctl enable strict lax`
  const next = {
    '/etc/hugepool.toml': configuration,
    '/etc/hugepool.d/20-overcommit.toml': '[pools.2M]\novercommit = 16\n',
    '/etc/fstab': table,
  }
  const installed = await stage({ parts: [install, settingsScript], next }, files)
  foretelling = installed.foretelling
  t.strictSame(foundSettings(installed.said[1] ?? ''), {
    ...wanted,
    'persistent 1073741824': 0,
    'persistent 2097152': 7,
    'overcommit 2097152': 3,
    'shm-group': 0,
  })
})

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

t.test('the machine is as configured before file systems and consumers need it', async (t) => {
  const stated = foretold(foretelling, wanted)
  t.strictSame(stated.writers, [
    'before kernel-line persistent 2097152 = 5: false',
    'before kernel-line overcommit 2097152 = 3: false',
    'before sysctl persistent 2097152 = 7: false',
  ])
  const mounts = 'findmnt -n -r -t hugetlbfs -o TARGET,OPTIONS | sort'
  const parts = [
    'systemctl is-system-running --wait || journalctl -b -p warning -o cat',
    'systemd-analyze verify --man=no hugepool.service 2>&1',
    "journalctl -b | grep -i 'ordering cycle' || :",
    'sort /run/seen',
    mounts,
    'cat /sys/devices/system/node/node[01]/hugepages/*/nr_hugepages; stat -c "%A %G" /run/own',
    `systemctl show -p ${timesShown} ${chain.join(' ')}`,
    settingsScript,
    'systemctl status --no-pager -l -o cat -n 3 hugepool | tail -n 3',
    'hugepool check --json',
    'hugepool apply --json',
    `echo 9 >${overcommit}; systemctl reload hugepool; cat ${overcommit}`,
    `systemctl stop hugepool; ${settingsScript}`,
    mounts,
  ]
  const next = {
    '/etc/hugepool.toml': configuration.replace('"1:1"', '6'),
    '/etc/tmpfiles.d/pages.conf': `w ${pages} - - - - 99\n`,
  }
  const { said, foretelling: later } = await stage({ parts, next })
  foretelling = later
  const [state, verified, cycles, seen, mounted, nodes, units = '', ...rest] = said
  const [settings = '', status, checked = '', applied = '', reloaded, stopped = '', left] = rest
  t.strictSame({ state, verified, cycles }, { state: 'running\n', verified: '', cycles: '' })
  t.equal(
    seen,
    ['hugepool 96', 'lax 96', 'line 5', 'strict 96', 'sysctl 7', 'tmpfiles 96', ''].join('\n'),
    'each of those that write a pool had its way until the next',
  )
  const all = [
    '/dev/hugepages rw,relatime,pagesize=2M',
    '/mnt/huge rw,relatime,pagesize=2M,min_size=33554432',
    '/mnt/huge1g rw,relatime,pagesize=1024M,min_size=1073741824',
    '/mnt/own1g rw,nosuid,nodev,relatime,pagesize=1024M',
    `/run/own rw,nosuid,nodev,relatime,gid=${users},mode=770,pagesize=2M,size=4194304,min_size=2097152`,
    '',
  ].join('\n')
  t.equal(mounted, all, 'all mounts are seen by others, those of the service too')
  t.equal(nodes, ['0', '64', '1', '32', 'drwxrwx--- users', ''].join('\n'))
  t.strictSame(tooEarly(units, chain), [])
  t.strictSame(foundSettings(settings), stated.values)
  t.equal(
    status,
    [
      '1G: 1 of 1 pages',
      '2M: 96 of 96 pages',
      'the machine is as the configuration wants it',
      '',
    ].join('\n'),
  )
  t.equal(checkSchema.parse(parseExact(checked)).state, 'configured')
  const { outcome, changes } = applySchema.parse(parseExact(applied))
  t.strictSame({ outcome, changes }, { outcome: 'unchanged', changes: [] })
  t.equal(reloaded, '16\n')
  t.strictSame(foundSettings(stopped), wanted, 'a service that is stopped takes nothing away')
  t.equal(left, all)
})

t.test('too little memory fails the service, and nothing but who requires it', async (t) => {
  const stated = foretold(foretelling, wanted)
  const parts = [
    'systemctl is-system-running --wait || :',
    'systemctl --failed --no-legend --plain | cut -d " " -f 1',
    'cat /run/seen',
    'journalctl -b -o cat -u hugepool.service',
    'systemctl show -p Id,ActiveState,Result,ExecMainStatus hugepool strict lax local-fs.target',
    settingsScript,
    `sed -i 's/^pages = 6/&\\nessential = false/' /etc/hugepool.toml
    systemctl restart hugepool
    systemctl start strict
    systemctl show -p Id,ActiveState,Result,ExecMainStatus hugepool strict`,
    'systemctl status --no-pager -l -o cat -n 6 hugepool | tail -n 6',
    `systemctl daemon-reload; hugepool service remove; ${settingsScript}`,
  ]
  const next = {
    '/etc/fstab': plainTable,
    '/etc/tmpfiles.d/pages.conf': `w ${giganticPages} - - - - 1\n`,
  }
  const { said, foretelling: later } = await stage({ parts, next })
  foretelling = later
  console.error(stated, said.join('=====\n'))
})

t.test('without the service the others have their way', async (t) => {
  const stated = foretold(foretelling, wanted)
  const { said } = await stage({
    parts: ['systemctl is-system-running --wait || :', settingsScript],
  })
  console.error(stated, said.join('=====\n'))
  t.strictSame(foundSettings(said[1] ?? ''), stated.values)
})
