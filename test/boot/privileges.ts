import t from 'tap'
import { unitDirectory } from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { runStage } from './support/stages.ts'

t.setTimeout(1_800_000)

/** Starts hugepool as root without any capability, which can get none. */
const asRoot = (words: string): string =>
  `setpriv --inh-caps=-all --bounding-set=-all hugepool ${words} 2>&1`

/** Starts hugepool as another user, who has all that another user can be given for it. */
const asOther = (words: string): string => {
  const set = '-all,+dac_override,+chown,+sys_admin'
  const ids = '--reuid daemon --regid daemon --clear-groups'
  return `setpriv ${ids} --inh-caps=${set} --ambient-caps=${set} --bounding-set=${set} hugepool ${words} 2>&1`
}

const named = `find ${unitDirectory} -name '*hugepool*' -o -name 'mnt-*' | while read -r path; do
    stat -c '%U:%G %n' "$path"
  done | sort -k 2`

const known = 'systemctl show -p LoadState -p WantedBy -p NeedDaemonReload hugepool.service | sort'

const failed = (words: string) =>
  `hugepool: note: 'systemctl ${words}' failed: Failed to connect to bus: No such file or directory`

t.test('what systemd answers root without capabilities, and another user with some', async (t) => {
  const parts = [
    asOther('service install'),
    named,
    asRoot('service install'),
    known,
    asOther('service remove'),
    asRoot('service remove'),
    known,
    asOther('service metrics install --textfile /var/lib/metrics.prom'),
    asRoot('service metrics install --textfile /var/lib/metrics.prom'),
    'systemctl is-active hugepool-metrics.timer',
    asRoot('service metrics remove'),
    `mkdir /mnt/pages; ${asOther('mount /mnt/pages --persist systemd')}`,
    named,
    `systemctl daemon-reload; systemctl is-enabled mnt-pages.mount
    ${asOther('umount /mnt/pages --persist')}`,
    named,
    // Root obeys what the other user has written.
    `${asOther('overcommit 2M=3 --persist')}; echo 0 >/proc/sys/vm/nr_overcommit_hugepages
    hugepool apply; cat /proc/sys/vm/nr_overcommit_hugepages`,
  ]
  const { said } = await runStage(t, { parts }, { disk: ownDisk(t) })
  const [installed, files, told, knownToo, removed, toldAgain, gone, ...metrics] = said
  t.match(installed, failed('daemon-reload'))
  t.equal(
    files,
    `root:root ${unitDirectory}/hugepool.service
root:root ${unitDirectory}/sysinit.target.wants/hugepool.service
`,
  )
  for (const one of [told, toldAgain]) t.notMatch(one, 'failed')
  t.equal(knownToo, 'LoadState=loaded\nNeedDaemonReload=no\nWantedBy=sysinit.target\n')
  t.match(removed, failed("reset-failed 'hugepool.service*'"))
  t.match(removed, failed('daemon-reload'))
  t.equal(gone, 'LoadState=not-found\nNeedDaemonReload=no\nWantedBy=\n')

  const [untold, started, active, stopped, ...mounts] = metrics
  t.match(untold, failed('start hugepool-metrics.timer'))
  for (const one of [started, stopped]) t.notMatch(one, 'failed')
  t.equal(active, 'active\n')

  const [mounted, units, unmounted, none, applied] = mounts
  t.match(
    mounted,
    `hugepool: note: ${unitDirectory}/mnt-pages.mount: mounts /mnt/pages at every start`,
  )
  t.equal(
    units,
    `root:root ${unitDirectory}/local-fs.target.wants/mnt-pages.mount
root:root ${unitDirectory}/mnt-pages.mount
`,
  )
  t.match(unmounted, /^enabled\n/)
  t.match(unmounted, `hugepool: note: ${unitDirectory}/mnt-pages.mount: is gone`)
  t.equal(none, '')
  t.match(applied, /^2M overcommit +0 +3 +3 +done\n3\n$/m)
})
