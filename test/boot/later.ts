import t from 'tap'
import { serviceText } from '../../src/model/config/service/service-text.ts'
import { configuration, plainTable, unitDirectory, wanted } from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { foundSettings, settingsScript } from './support/foretold.ts'
import { runStage } from './support/stages.ts'
import { timesShown, tooEarly, unitsIn } from './support/units.ts'

t.setTimeout(1_800_000)

const program = ['/usr/bin/node', '/opt/hugepool/bin/hugepool.js']

/** When it runs the root can be written to: a directory that is not there can be made. */
const configured = configuration
  .replace('"0:64,1:32"\n', '$&overcommit = 16\n')
  .replace('page-size = "1G"\n', '$&mkdir = true\n')

/** Hugepool is on a file system of its own, which is mounted after / and /usr. */
const files = {
  '/etc/fstab': `${plainTable}/usr/lib/node_modules /opt none bind 0 0\n`,
  '/etc/hugepool.toml': configured,
  [`${unitDirectory}/hugepool.service`]: serviceText('systemd', {
    words: program,
    form: 'later',
    late: [],
  }),
  // A link, as `systemctl enable` makes it, is no text.
  [`${unitDirectory}/sysinit.target.d/wants.conf`]: '[Unit]\nWants=hugepool.service\n',
}

/** In the order in which each has to have come to its end before the next begins. */
const chain = [
  'opt.mount',
  'local-fs.target',
  'hugepool.service',
  'systemd-tmpfiles-setup.service',
  'sysinit.target',
]
const sysctlFirst = ['systemd-sysctl.service', 'hugepool.service']

t.test(
  'the later form waits for its program, and comes before all that is not early',
  async (t) => {
    const shown = `systemctl show -p ${timesShown}`
    const parts = [
      'systemctl is-system-running --wait || journalctl -b -p warning -o cat',
      'systemd-analyze verify --man=no hugepool.service 2>&1',
      "journalctl -b | grep -i 'ordering cycle' || :",
      `${shown} ${chain.join(' ')}`,
      `${shown} ${sysctlFirst.join(' ')}`,
      settingsScript,
      'findmnt -n -r -t hugetlbfs -o TARGET | sort',
      "journalctl -b -o cat -u hugepool.service | grep -E '^(hugepool|the machine|[0-9])'",
    ]
    const { said } = await runStage(t, { parts }, { disk: ownDisk(t), files })
    const [state, verified, cycles, times = '', sysctls = '', settings = '', mounts, journal] = said
    t.strictSame({ state, verified, cycles }, { state: 'running\n', verified: '', cycles: '' })
    t.equal(unitsIn(times).size, chain.length)
    t.strictSame(tooEarly(times, chain), [])
    t.strictSame(tooEarly(sysctls, sysctlFirst), [])
    t.strictSame(foundSettings(settings), wanted)
    t.equal(mounts, '/dev/hugepages\n/mnt/own1g\n/run/own\n')
    t.equal(
      journal,
      `1G on node 1: 1 of 1 page
2M on node 0: 64 of 64 pages
2M on node 1: 32 of 32 pages
the machine is as the configuration wants it
`,
    )
  },
)
