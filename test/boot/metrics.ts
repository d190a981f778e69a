import { readFileSync } from 'node:fs'
import t from 'tap'
import { unitDirectory } from './support/configured.ts'
import { ownDisk } from './support/disk.ts'
import { runStage } from './support/stages.ts'

t.setTimeout(1_800_000)

const directory = '/var/lib/prometheus/node-exporter'
const textfile = `${directory}/hugepool.prom`
const service = 'hugepool-metrics.service'

/** The units of the manual page, by the paths that stand before them. */
const manualUnits = (): Readonly<Record<string, string>> => {
  const page = readFileSync(new URL('../../man/hugepool-metrics.8', import.meta.url), 'utf8')
  const shown = /^\.Pa (\/etc\/systemd\/system\/\S+) :\n\.Bd [^\n]*\n([\s\S]*?)\.Ed$/gm
  return Object.fromEntries([...page.matchAll(shown)].map(([, path, text]) => [path, text]))
}

/** What the unit promises is tried where the unit runs, each time after it has written. */
const prober = `[Service]
ExecStartPost=/bin/sh ${directory}/probe
`
const probe = `tried() { if (eval "$2") 2>/dev/null; then echo "$1: yes"; else echo "$1: no"; fi; }
{
  tried etc 'echo >/etc/probe'
  tried pools 'echo 1 >/proc/sys/vm/nr_hugepages'
  tried home 'echo >/root/probe'
  tried cgroups 'mkdir /sys/fs/cgroup/probe'
  tried mounts 'mount -t tmpfs x /mnt'
  tried namespaces 'unshare -n true'
  tried owners 'chown daemon ${directory}/probe'
  grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
} >${directory}/probed
`

/** Of a unit that cannot write, and before what it could not read. */
const failing = `ln -s /etc/passwd ${directory}/link.prom
  hugepool service metrics install --textfile ${directory}/link.prom 2>&1
  systemctl start ${service} 2>/dev/null || echo "failed: $?"
  journalctl -b -o cat -u ${service} | grep ^hugepool:`

/** A configuration that cannot be read. */
const partly = `cp /etc/hugepool.toml /root/whole.toml
  echo broken >/etc/hugepool.toml
  systemctl start ${service}; echo "started: $?"
  systemctl show -p Result -p ExecMainStatus ${service} | sort
  grep '^hugepool_collector_success{' ${textfile}
  cp /root/whole.toml /etc/hugepool.toml`

/** A user with a page, and a file in a mount namespace of its own that nobody has open. */
const holding = `hugepool service metrics install --holders 2>/dev/null
  systemctl stop hugepool-metrics.timer
  setpriv --reuid daemon --regid daemon --clear-groups \\
    hugepool test 2M=1 --hold 10m </dev/null >/dev/null 2>&1 &
  mapping=$!
  unshare -m sh -c 'mount -t hugetlbfs -o pagesize=2M own /mnt
    fallocate -l 2M /mnt/kept
    exec sleep 600' </dev/null >/dev/null 2>&1 &
  file=$!
  tries=0
  until [ "$(cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages)" = 7 ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ]
    sleep 0.1
  done
  systemctl start ${service}
  grep -E '^hugepool_(held|user_held|unexplained|unseen)' ${textfile}`

const heldDirectly = `hugepool metrics --cgroups --holders --format prometheus \\
    | grep -E '^hugepool_(held|user_held|unexplained|unseen)'
  kill $mapping $file
  wait`

const pools = (pages: number) => `hugepool_pool_total_pages{pagesize="2M"} ${pages}`

/** Waits until a line is in the file, a minute at most. */
const waiting = `written() {
    tries=0
    until grep -qsxF "$1" ${textfile}; do
      tries=$((tries + 1))
      [ $tries -lt 600 ]
      sleep 0.1
    done
  }`

/** Without what is different each time: how long a look took, and the order of mounts. */
const steady = (text = ''): readonly string[] =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('hugepool_collector_duration_seconds{'))
    .toSorted()

const scrape = `node -e 'fetch("http://127.0.0.1:9786/metrics").then((a) => a.text()).then(console.log)' \\
  | grep -E '^hugepool_(pool_total_pages|collector_success)'`

t.test('the timer of metrics, and metrics on a socket of systemd', async (t) => {
  const parts = [
    // The pages of the mounts are counted wherever they are mounted.
    `${waiting}
    for place in /mnt /home /root /run /tmp /dev /srv; do
      mkdir -p $place/pages
      mount -t hugetlbfs -o pagesize=2M,size=8M pages $place/pages
    done
    echo +hugetlb >/sys/fs/cgroup/cgroup.subtree_control
    echo 4M >/sys/fs/cgroup/system.slice/hugetlb.2MB.max
    mkdir -p ${directory}
    chown daemon ${directory}
    hugepool resize 2M=6 >/dev/null
    hugepool service metrics install 2>&1`,
    `written '${pools(6)}'
    stat -c '%a %U' ${textfile}
    systemctl is-enabled hugepool-metrics.timer; systemctl is-active hugepool-metrics.timer
    for each in start stop start; do
      systemctl $each hugepool-metrics.timer
      hugepool service metrics install --json 2>/dev/null | grep -o '"outcome":"[a-z]*"'
    done
    systemctl is-active hugepool-metrics.timer`,
    `hugepool resize 2M=9 >/dev/null
    written '${pools(9)}'
    systemctl stop hugepool-metrics.timer
    cat ${textfile}`,
    'hugepool metrics --cgroups --format prometheus',
    `systemctl start ${service}
    cat ${directory}/probed`,
    `systemd-analyze security --threshold=50 ${service} >/dev/null; echo $?`,
    `journalctl -b -o cat -u ${service} -u hugepool-metrics.timer -p info | grep -v metrics.timer || :`,
    'systemctl --failed --no-legend',
    partly,
    holding,
    heldDirectly,
    failing,
    `hugepool service metrics remove 2>&1
    systemctl list-units --all --no-legend 'hugepool-metrics*'
    systemctl --failed --no-legend
    find /etc /run /var/lib/systemd -name 'hugepool-metrics*' ! -name '*.service.d'`,
    `systemctl daemon-reload
    systemctl enable --now hugepool-http.socket 2>/dev/null
    ${scrape}`,
    `hugepool resize 2M=3 >/dev/null
    systemctl stop hugepool-http.service
    systemctl show -p Id,ActiveState,Result,ExecMainStatus hugepool-http.service
    ${scrape}`,
    `systemctl is-active hugepool-http.service
    [ $(ps -o uid= -p $(systemctl show --value -p MainPID hugepool-http.service)) -ge 61184 ]
    journalctl -b -o cat -u hugepool-http.service | grep ^hugepool:`,
  ]
  const files = {
    ...manualUnits(),
    '/etc/hugepool.toml': 'version = 1\n[pools.2M]\npages = 9\n',
    [`${unitDirectory}/${service}.d/probe.conf`]: prober,
    [`${directory}/probe`]: probe,
  }
  const { said } = await runStage(t, { parts }, { disk: ownDisk(t), files })
  const [installed, first, written, direct, probed, exposed, journal, failed, ...more] = said
  const noted = 'hugepool: note: /etc/systemd/system/hugepool-metrics.timer:'
  t.equal(installed, `${noted} ${textfile} is written every 15 seconds\n`)
  t.equal(
    first,
    `644 root\nenabled\nactive\n${['unchanged', 'done', 'unchanged'].map((one) => `"outcome":"${one}"\n`).join('')}active\n`,
  )
  t.strictSame(steady(written), steady(direct), 'its unit hides nothing from it')
  t.equal(steady(direct).filter((line) => /^hugepool_mount_size_bytes{/.test(line)).length, 7)
  t.equal(
    probed,
    `etc: no
pools: no
home: no
cgroups: no
mounts: no
namespaces: no
owners: no
CapBnd:\t0000000000000006
NoNewPrivs:\t1
Seccomp:\t2
`,
  )
  t.strictSame({ exposed, journal, failed }, { exposed: '0\n', journal: '', failed: '' })

  const [lacking, held = '', heldByAll, ...rest] = more
  t.equal(
    lacking,
    `started: 0
ExecMainStatus=64
Result=success
${['pools', 'mounts', 'cgroups'].map((part) => `hugepool_collector_success{collector="${part}"} 1\n`).join('')}hugepool_collector_success{collector="config"} 0
`,
  )
  t.equal(held, heldByAll, 'its unit hides no holder from it')
  for (const line of [
    'held_pages{pagesize="2M",kind="mapping"} 1',
    'held_pages{pagesize="2M",kind="file"} 1',
    'user_held_pages{pagesize="2M",uid="1",user="daemon"} 1',
    'unexplained_pages{pagesize="2M"} 0',
    'unseen_processes 0',
  ])
    t.match(held, `hugepool_${line}\n`)

  const [refused, removed, passed, stopped = '', after] = rest
  t.equal(
    refused,
    `${noted} ${directory}/link.prom is written every 15 seconds
failed: 1
hugepool: /etc/hugepool.toml:1:7: no TOML: illegal character in key
hugepool: ${textfile} is written without that
hugepool: ${directory}/link.prom is not a regular file
`,
  )
  t.equal(
    removed,
    `${noted} removed
hint: 'rm ${directory}/link.prom' takes the last values away
`,
  )
  const served = (pages: number) =>
    `${pools(pages)}
hugepool_pool_total_pages{pagesize="1G"} 0
${['pools', 'mounts', 'cgroups', 'config'].map((part) => `hugepool_collector_success{collector="${part}"} 1\n`).join('')}`
  t.equal(passed, served(9))
  t.strictSame(
    stopped.split('\n').toSorted(),
    `ExecMainStatus=0
Result=success
Id=hugepool-http.service
ActiveState=inactive
${served(3)}`
      .split('\n')
      .toSorted(),
  )
  const says = 'hugepool: note: metrics are served at http://127.0.0.1:9786/metrics\n'
  t.equal(after, `active\n${says}${says}`)
})
