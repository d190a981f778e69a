import t from 'tap'
import { configuration, plainTable, wanted } from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { foretold, foundSettings, settingsScript } from './support/foretold.ts'
import { runStage, type Stage } from './support/stages.ts'
import { timesShown, tooEarly, unitsIn } from './support/units.ts'

t.setTimeout(1_800_000)

// A program on a file system of its own, which is mounted after / and /usr.

const disk = ownDisk(t)
const stage = (each: Stage) => runStage(t, each, { disk })

let foretelling = ''

t.test('the later form is installed, and that is said', async (t) => {
  const install = `mkdir -p /srv/programs /mnt/own1g
    mv /usr/lib/node_modules/hugepool /srv/programs
    mount --bind /srv/programs /opt
    ln -sfn /opt/hugepool/bin/hugepool.js /usr/bin/hugepool
    hugepool service install 2>&1 >/dev/null
    grep -E '^(After|Before|Requires|Wants)' /etc/systemd/system/hugepool.service`
  const next = {
    '/etc/fstab': `${plainTable}/srv/programs /opt none bind 0 0\n`,
    '/etc/hugepool.toml': configuration,
    '/etc/hugepool.d/20-overcommit.toml': '[pools.2M]\novercommit = 16\n',
  }
  const installed = await stage({ parts: [install], next })
  foretelling = installed.foretelling
  t.equal(
    installed.said[0],
    `hugepool: note: /opt/hugepool/bin/hugepool.js is on /opt, which is mounted after / and /usr: the service waits for it
RequiresMountsFor=/usr/bin /opt/hugepool/bin
After=systemd-modules-load.service systemd-sysctl.service local-fs.target
Before=systemd-tmpfiles-setup.service sysinit.target shutdown.target
`,
  )
})

/** In the order in which each has to have come to its end before the next begins. */
const chain = [
  'opt.mount',
  'local-fs.target',
  'hugepool.service',
  'systemd-tmpfiles-setup.service',
  'sysinit.target',
]

t.test('it waits for its program, and comes before all that is not early', async (t) => {
  const stated = foretold(foretelling, wanted)
  const sysctlFirst = ['systemd-sysctl.service', 'hugepool.service']
  const { said } = await stage({
    parts: [
      'systemctl is-system-running --wait || journalctl -b -p warning -o cat',
      'systemd-analyze verify --man=no hugepool.service 2>&1',
      "journalctl -b | grep -i 'ordering cycle' || :",
      `systemctl show -p ${timesShown} ${chain.join(' ')}`,
      `systemctl show -p ${timesShown} ${sysctlFirst.join(' ')}`,
      settingsScript,
      'journalctl -b -o cat -u hugepool.service | grep -v systemd',
      'hugepool service status --json',
    ],
  })
  const [state, verified, cycles, times = '', sysctls = '', settings = '', journal, status = '{}'] =
    said
  t.strictSame({ state, verified, cycles }, { state: 'running\n', verified: '', cycles: '' })
  t.equal(unitsIn(times).size, chain.length)
  t.strictSame(tooEarly(times, chain), [])
  t.strictSame(tooEarly(sysctls, sysctlFirst), [])
  t.strictSame(foundSettings(settings), stated.values)
  t.strictSame(stated.values, wanted)
  t.equal(journal, '')
  t.equal(status, '')
})
