import t from 'tap'
import { applySchema, checkSchema } from '../../src/output/schemas/desired-schema.ts'
import { parseExact } from '../helpers/json.ts'
import {
  configuration,
  giganticPages,
  overcommit,
  pages,
  placed,
  plainTable,
  table,
  unitDirectory,
  users,
  wanted,
} from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { foretold, foundSettings, settingsScript } from './support/foretold.ts'
import { runStage, type Stage } from './support/stages.ts'
import { timesShown, tooEarly, unitsIn } from './support/units.ts'

t.setTimeout(1_800_000)

// One machine that is started again and again: each test begins where the one before has left it.

const disk = ownDisk(t)
const append = ['sysctl.vm.nr_hugepages=5', 'sysctl.vm.nr_overcommit_hugepages=3']
const stage = (each: Stage, files = {}) => runStage(t, each, { disk, append, files })

let foretelling = ''

/** What is done where systemd knows of the files, and where a hugepool was killed before it was told. */
const toldScript = `outcome() { hugepool service $1 --json 2>/dev/null | sed 's/.*"action":"[a-z]*","outcome":"\\([a-z]*\\)".*/\\1/'; }
  unit=${unitDirectory}/hugepool.service
  link=${unitDirectory}/sysinit.target.wants/hugepool.service
  outcome install
  cp $unit /root/kept
  rm $link $unit
  outcome remove; outcome remove
  cp /root/kept $unit
  ln -s $unit $link
  outcome install; outcome install
  rm /root/kept`

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
  const installed = await stage({ parts: [install, settingsScript, toldScript], next }, placed)
  foretelling = installed.foretelling
  t.strictSame(foundSettings(installed.said[1] ?? ''), {
    ...wanted,
    'persistent 1073741824': 0,
    'persistent 2097152': 7,
    'overcommit 2097152': 3,
    'shm-group': 0,
  })
  const outcomes = ['unchanged', 'done', 'unchanged', 'done', 'unchanged']
  t.equal(installed.said[2], outcomes.map((one) => `${one}\n`).join(''))
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

/** What the service says of itself: no lines of systemd, and no hints, whose numbers are others each time. */
const saidBySelf = (journal: string): readonly string[] =>
  journal
    .split('\n')
    .filter((line) => /^(?:hugepool: (?!1G: cut)|\d+[GM]\b|the machine)/.test(line))

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
    'systemctl status --no-pager -l -o cat hugepool',
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
  const [settings = '', status = '', checked = '', applied = '', reloaded, stopped = '', left] =
    rest
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
  t.strictSame(saidBySelf(status), [
    '1G on node 1: 1 of 1 page',
    '2M on node 0: 64 of 64 pages',
    '2M on node 1: 32 of 32 pages',
    'the machine is as the configuration wants it',
  ])
  t.equal(checkSchema.parse(parseExact(checked)).state, 'configured')
  const { outcome, changes } = applySchema.parse(parseExact(applied))
  t.strictSame({ outcome, changes }, { outcome: 'unchanged', changes: [] })
  t.equal(reloaded, '16\n')
  t.strictSame(foundSettings(stopped), wanted, 'a service that is stopped takes nothing away')
  t.equal(left, all)
})

t.test('too little memory fails the service, and nothing but who requires it', async (t) => {
  const stated = foretold(foretelling, wanted)
  const unit = 'systemctl show -p Id,ActiveState,Result,ExecMainStatus'
  const parts = [
    'systemctl is-system-running --wait || :',
    'systemctl --failed --no-legend --plain | cut -d " " -f 1',
    'cat /run/seen',
    'journalctl -b -o cat -u hugepool.service',
    `${unit} hugepool strict lax local-fs.target`,
    settingsScript,
    `sed -i 's/^pages = 6/&\\nessential = false/' /etc/hugepool.toml
    systemctl restart hugepool
    systemctl start strict
    ${unit} hugepool strict`,
    'systemctl status --no-pager -l -o cat -n 2 hugepool | tail -n 2 | head -n 1',
    `sed -i '/^essential = false/d' /etc/hugepool.toml
    systemctl restart hugepool 2>/dev/null || systemctl is-failed hugepool
    hugepool service remove >/dev/null
    systemctl --failed --no-legend`,
    settingsScript,
  ]
  const next = {
    '/etc/fstab': plainTable,
    '/etc/tmpfiles.d/pages.conf': `w ${giganticPages} - - - - 1\n`,
  }
  const { said, foretelling: later } = await stage({ parts, next })
  foretelling = later
  const [state, failed, seen, journal = '', units = '', settings = '', ...rest] = said
  const [lenient = '', sentence, forgotten, removed = ''] = rest
  t.strictSame(
    { state, failed, seen },
    {
      state: 'degraded\n',
      failed: 'hugepool.service\n',
      seen: 'line 5\nsysctl 7\ntmpfiles 99\nlax 99\n',
    },
  )
  const found = foundSettings(settings)
  const gigantic = found['persistent 1073741824'] ?? 0
  t.ok(gigantic > 0, 'what was had stays')
  t.strictSame(saidBySelf(journal), [
    `1G: ${gigantic} of 6 pages`,
    '2M on node 0: 64 of 64 pages',
    '2M on node 1: 32 of 32 pages',
    `hugepool: 1G: asked for 6, got ${gigantic}: ${6 - gigantic} short`,
    'hugepool: 1 of 7 things that the configuration wants is not so',
  ])
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
  t.equal(stated.writers.at(-1), 'after tmpfiles persistent 2097152 = 99: true')
  t.strictSame(found, { ...stated.values, 'persistent 1073741824': gigantic })
  const runs = [...unitsIn(lenient).values()].map((each) => [each.Id, each.ActiveState])
  t.strictSame(runs, [
    ['hugepool.service', 'active'],
    ['strict.service', 'active'],
  ])
  t.equal(sentence, 'hugepool: note: all that is essential is as the configuration wants it\n')
  t.equal(forgotten, 'failed\n', 'a unit that is removed is no failed one')
  t.strictSame(foundSettings(removed), {
    ...wanted,
    'persistent 1073741824': gigantic,
  })
})

t.test('without the service the others have their way', async (t) => {
  const stated = foretold(foretelling, { ...wanted, 'shm-group': 0 })
  t.strictSame(stated.writers, [
    'before kernel-line persistent 2097152 = 5: false',
    'before kernel-line overcommit 2097152 = 3: true',
    'before sysctl persistent 2097152 = 7: true',
    'after tmpfiles persistent 1073741824 = 1: true',
  ])
  const parts = ['systemctl is-system-running --wait', settingsScript]
  const { said } = await stage({ parts })
  t.equal(said[0], 'running\n')
  t.strictSame(foundSettings(said[1] ?? ''), stated.values)
})
