import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from '../helpers/run.ts'
import { pages } from './support/configured.ts'
import { ownDisk, putOn } from './support/disk.ts'
import { boot } from './support/machine.ts'

// The Debian package on a machine that runs: what its scripts say to systemd is not seen in a root that does not.

t.setTimeout(1_800_000)

const part = '@@\n'

const told = async (disk: string, parts: readonly string[]): Promise<readonly string[]> =>
  (await boot(t, { disk, script: parts.join(`\necho ${part}`) })).split(part)

/** The package that HUGEPOOL_TEST_DEB names, or one of these sources. */
const packed = (): string => {
  const made = process.env.HUGEPOOL_TEST_DEB
  if (made !== undefined) return made
  const said = execFileSync('sh', ['bin/packages/make.sh', 'deb'], { encoding: 'utf8' })
  return said.trimEnd().split('\n').at(-1) ?? ''
}

/** An emulated processor would take minutes to unpack what is compressed. */
const plainPackage = (): string => {
  const work = temporary(t)
  const [tree, plain] = [join(work, 'tree'), join(work, 'hugepool.deb')]
  execFileSync('dpkg-deb', ['--raw-extract', packed(), tree])
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, plain])
  return plain
}

const units = 'hugepool.service hugepool-metrics.timer'
const shown = `for unit in ${units}; do
    echo "$unit: $(systemctl is-enabled $unit 2>/dev/null), $(systemctl is-active $unit)"
  done`
const made = 'stat -c "%A %U %n" /run/hugepool /run/lock/hugepool.lock 2>&1'
const install = 'dpkg -i /hugepool.deb >/run/said 2>&1 || cat /run/said'
const failed = 'systemctl list-units --failed --plain --no-legend'

const whole = `drwxr-xr-x root /run/hugepool
-rw------- root /run/lock/hugepool.lock
`

t.test('the package of a machine that runs', async (t) => {
  const disk = ownDisk(t)
  putOn(disk, plainPackage(), 'hugepool.deb')

  const [files, fresh, enabled, count] = await told(disk, [
    // Only this hugepool is there.
    `rm -r /usr/bin/hugepool /usr/lib/node_modules/hugepool; ${install}; ${made}`,
    shown,
    `printf 'version = 1\\n[pools.2M]\\npages = 48\\n' >/etc/hugepool.toml
    systemctl enable --now --quiet ${units}; ${shown}`,
    `cat ${pages}`,
  ])
  t.equal(files, whole, 'made by the script of the package, before any hugepool ran')
  t.equal(
    fresh,
    'hugepool.service: disabled, inactive\nhugepool-metrics.timer: disabled, inactive\n',
  )
  t.equal(enabled, 'hugepool.service: enabled, active\nhugepool-metrics.timer: enabled, active\n')
  t.equal(count, '48\n')

  const [booted, again, upgraded, removed, kept, purged, left, failures] = await told(disk, [
    `${shown}; cat ${pages}`,
    made,
    `${install}; ${shown}; systemctl show -p NeedDaemonReload ${units} | sort -u`,
    'dpkg -r hugepool 2>&1 >/dev/null; systemctl is-active hugepool-metrics.timer || :',
    `cat ${pages}`,
    `dpkg -P hugepool 2>&1 >/dev/null; ${shown}`,
    "find / -xdev -not -path '/proc/*' -not -path '/sys/*' -name '*hugepool*' | sort; [ ! -e /run/hugepool ]",
    failed,
  ])
  t.equal(
    booted,
    'hugepool.service: enabled, active\nhugepool-metrics.timer: enabled, active\n48\n',
  )
  t.equal(again, whole, 'made at the start')
  t.equal(
    upgraded,
    'hugepool.service: enabled, active\nhugepool-metrics.timer: enabled, active\n\nNeedDaemonReload=no\n',
  )
  t.equal(removed, 'inactive\n')
  t.equal(kept, '48\n', 'the pools stay')
  t.equal(
    purged,
    'hugepool.service: , active\nhugepool-metrics.timer: , inactive\n',
    'who requires the service is not stopped with it',
  )
  t.equal(left, '/hugepool.deb\n')
  t.equal(failures, '')
})
