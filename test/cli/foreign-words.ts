import t from 'tap'
import { bridgeFor, withBridge } from '../../src/cli/foreign-hint.ts'
import { foreignWords } from '../../src/cli/foreign-words.ts'
import { parse } from '../../src/cli/parse.ts'
import { usage } from '../../src/errors.ts'
import { fixedSettings } from '../../src/model/config/tune/tuned-settings.ts'
import { foreignRows, typedHere } from '../helpers/manual-pages.ts'
import { run } from '../helpers/run.ts'

const eachNode = 'for so much on each node'
const optionsInstead = "-o chooses columns here, as for lsblk(8); write '--options"
const eachSize = 'once for each size'
const mountOfSize = 'mount DIR --pagesize SIZE --mkdir'
const shrinks = 'which takes pages away too, as SHRINK_HUGE=yes does'
const oneWord = 'all nodes of a pool stand in one word'
const maximum =
  'sets how many surplus pages may come; the maximum of hugeadm is persistent + overcommit'

/** What people type, and the hint of the error. */
const table: readonly (readonly [typed: string, hint: string])[] = [
  [
    'resize default_hugepagesz=1G',
    "the default size is set at boot, by default_hugepagesz=1G on the kernel command line; here a size is named: 'hugepool resize 1G=COUNT'",
  ],
  ['hugepagesz=2M hugepages=512', "'hugepool resize 2M=512'"],
  ['resize hugepagesz=2M hugepages=0:512,1:512', "'hugepool resize 2M=0:512,1:512'"],
  ['resize hugepages=512', "'hugepool resize default=512'"],
  ['resize hugepagesz=1G', "'hugepool resize 1G=COUNT'"],
  ['/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages=4', "'hugepool resize 1048576kB=4'"],
  ['hugepages-2048kB/nr_overcommit_hugepages 4', "'hugepool overcommit 2048kB=4'"],
  ['vm.nr_hugepages=512', "'hugepool resize default=512'"],
  ['resize vm.nr_hugepages=512', "'hugepool resize default=512'"],
  ['-w vm.nr_hugepages=512', "'hugepool resize default=512'"],
  ['vm.nr_hugepages = 512', "'hugepool resize default=512'"],
  ['nr_hugepages=512', "'hugepool resize default=512'"],
  ['/proc/sys/vm/nr_hugepages=512', "'hugepool resize default=512'"],
  ['vm.nr_overcommit_hugepages=8', "'hugepool overcommit default=8'"],
  ['resize vm.nr_hugepages_mempolicy=8', "'hugepool resize default=8 --mempolicy bind:NODES'"],
  ['vm.nr_hugepages', "'hugepool list --output-all'"],
  ['vm.hugetlb_shm_group=100', "'hugepool tune shm-group=100'"],
  ['-w kernel.shmmax=1073741824', "'hugepool tune shmmax=1073741824'"],
  ['kernel.shmmni=8192', "'hugepool tune shmmni=8192'"],
  ['vm.min_free_kbytes=65536', "'hugepool tune min-free=65536K'"],
  [
    '--pool-pages-min 2M:64',
    "'hugepool resize 2M=64' sets persistent pages, the minimum of hugeadm",
  ],
  [
    '--pool-pages-min=DEFAULT:+1G',
    "'hugepool resize DEFAULT=+1G' sets persistent pages, the minimum of hugeadm",
  ],
  [
    '--pool-pages-min 2M',
    "'hugepool resize SIZE=COUNT' sets persistent pages, the minimum of hugeadm",
  ],
  ['--pool-pages-max', "'hugepool overcommit SIZE=COUNT' sets how many surplus pages may come"],
  ['--pool-pages-max 2M:64', `'hugepool overcommit 2M=COUNT' ${maximum}`],
  ['--pool-list', "'hugepool list -o SIZE,PERSISTENT,TOTAL,OVERCOMMIT'"],
  ['--explain', "'hugepool doctor'"],
  ['--page-sizes', "'hugepool mounts -o PAGE-SIZE'"],
  ['--page-sizes-all', "'hugepool list -o SIZE'"],
  ['--list-all-mounts', "'hugepool mounts -o TARGET'"],
  ['--create-mounts', `'hugepool ${mountOfSize} --mode 0770', ${eachSize}`],
  ['--create-global-mounts', `'hugepool ${mountOfSize} --mode 1777', ${eachSize}`],
  ['--create-user-mounts dpdk', `'hugepool ${mountOfSize} --mode 0700 --uid dpdk', ${eachSize}`],
  ['--create-group-mounts=kvm', `'hugepool ${mountOfSize} --mode 0070 --gid kvm', ${eachSize}`],
  ['mount /mnt --max-size 4G', `'hugepool ${mountOfSize} --size 4G'`],
  ['mount /mnt --max-inodes=9', `'hugepool ${mountOfSize} --nr-inodes 9'`],
  ['resize 2M=64 --hard', "'hugepool resize SIZE=COUNT --compact'"],
  ['resize 2M=64 --obey-mempolicy', "'hugepool resize SIZE=COUNT --mempolicy bind:NODES'"],
  ['--set-shm-group oracle', "'hugepool tune shm-group=oracle'"],
  ['--set-recommended-shmmax', "'hugepool tune shmmax' shows what is recommended"],
  ['--set-recommended-min_free_kbytes', "'hugepool tune min-free' shows what is recommended"],
  ['--thp-always', "'hugepool tune thp=always'"],
  ['--thp-khugepaged-scan-sleep 500', "'hugepool tune khugepaged-scan-sleep=500'"],
  ['--thp-khugepaged-pages', "'hugepool tune' shows the settings of transparent huge pages"],
  [
    '--enable-zone-movable',
    "'hugepool tune movable-gigantic=1', which takes Linux 7.0 or later with gigantic pages",
  ],
  ['--disable-zone-movable', "'hugepool tune movable-gigantic=0'"],
  [
    'resize 2M=4 --add-temp-swap=5',
    'hugepool makes no swap: mkswap(8) and swapon(8) do; --compact asks for memory in one piece',
  ],
  ['NRHUGE=64', `'hugepool resize default=64', ${shrinks}`],
  ['allocpages 2048 5', "'hugepool resize 2048kB=5'"],
  ['freepages --all', "'hugepool list --per-node'"],
  ['resize 2M=5 --membind=0', '--mempolicy bind:0'],
  ['resize 2M=5 -m 0', '--mempolicy bind:0'],
  ['resize 2M=5 --interleave 0-1', '--mempolicy interleave:0-1'],
  ['test 2M=5 --preferred=1', '--mempolicy preferred:1'],
  ['mount -o pagesize=1G /mnt', `${optionsInstead} pagesize=1G'`],
  ['mount /mnt -o ro,size=4G', `${optionsInstead} ro,size=4G'`],
  ['mount -osize=4G /mnt', `${optionsInstead} size=4G'`],
  ['mount -t hugetlbfs -o pagesize=1G none /mnt', `${optionsInstead} pagesize=1G'`],
  ['mount -o remount,ro /mnt', `${optionsInstead} remount,ro'`],
  [
    'mount /mnt --options ro,nofail',
    '--persist fstab writes a line for every start, with what belongs there',
  ],
  [
    'mount none /mnt',
    "a hugetlbfs has no source: 'hugepool mount /mnt', or with -t hugetlbfs in front",
  ],
  ['mount -m /mnt', 'write --mkdir'],
  ['mount -a', "mount(8) does that; 'hugepool mount DIR --persist fstab' writes what it mounts"],
  ['mount --bind /a /b', 'mount(8) does that; hugepool makes new mounts and changes their flags'],
  ['umount -a', "name each directory; 'hugepool mounts' lists them"],
  ['umount -f /mnt', 'force is for file systems on a network; --lazy takes a busy one away'],
  ['umount -t hugetlbfs /mnt', 'umount has to do with hugetlbfs only; leave it out'],
  ['mounts -t hugetlbfs', 'mounts has to do with hugetlbfs only; leave it out'],
  ['-p 1G -r 4G', `'hugepool resize 1G=4G --node all' ${eachNode}`],
  ['-r 4G -p 1G', `'hugepool resize 1G=4G --node all' ${eachNode}`],
  ['--pagesize 1G --reserve 4G', `'hugepool resize 1G=4G --node all' ${eachNode}`],
  ['-p 1G -r 4G -n 1', "'hugepool resize 1G=1:4G'"],
  ['--node 1 --reserve 4G', "'hugepool resize default=1:4G'"],
  [
    '-n 1 -p 1G --setup 4G',
    "'hugepool resize 1G=1:4G', then 'hugepool mount DIR --pagesize 1G --mkdir'",
  ],
  [
    '-p 1G --setup 4G',
    `'hugepool resize 1G=4G --node all' ${eachNode}, then 'hugepool mount DIR --pagesize 1G --mkdir'`,
  ],
  [
    '--setup 4G',
    `'hugepool resize default=4G --node all' ${eachNode}, then 'hugepool mount DIR --mkdir'`,
  ],
  [
    '--setup',
    `'hugepool resize SIZE=AMOUNT --node all' ${eachNode}, then 'hugepool mount DIR --mkdir'`,
  ],
  ['-r 4G', `'hugepool resize default=4G --node all' ${eachNode}; -r is --raw here`],
  ['--reserve', "'hugepool resize SIZE=AMOUNT --node all'"],
  ['--clear', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['-c', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['--show', "'hugepool list --per-node'; -s is --sysroot here"],
  ['-s', "'hugepool list --per-node'; -s is --sysroot here"],
  ['--mount', "'hugepool mount DIR --pagesize SIZE --mkdir'"],
  ['-m -p 2M --directory=/mnt', "'hugepool mount /mnt --pagesize 2M'"],
  ['-d /mnt -m --user 5 -G kvm', "'hugepool mount /mnt --pagesize SIZE --uid 5 --gid kvm'"],
  ['-u', "'hugepool umount DIR'"],
  ['-u -d /mnt', "'hugepool umount /mnt'"],
  ['mount --directory /mnt', "the directory stands alone: 'hugepool mount /mnt'"],
  ['mount /mnt -U 5', '--uid 5'],
  ['mount /mnt --group=kvm', '--gid kvm'],
  ['list hugepages-2Mi', 'the size is written as 2M'],
  ['resize 2M=0:512 1:512', `${oneWord}: 'hugepool resize 2M=0:512,1:512'`],
  ['resize 2M=0:512 1:512 2:512', `${oneWord}, with commas: '2M=0:512,1:512,2:512'`],
  ['demote 1G=0:1 1:1 --dry-run', `${oneWord}: 'hugepool demote 1G=0:1,1:1'`],
  ['resize 2M:1024', "'hugepool resize 2M=1024'"],
  ['overcommit 2M 1024', "'hugepool overcommit 2M=1024'"],
  ['resize 2M:0:512', "'hugepool resize 2M=0:512'"],
  ['resize 2M = 512', "without blanks: 'hugepool resize 2M=512'"],
  ['2M:1024', "'hugepool resize 2M=1024'"],
  ['2M=1024', "'hugepool resize 2M=1024'"],
  // Words of others are known wherever they stand.
  ['list --show', "'hugepool list --per-node'; -s is --sysroot here"],
  ['--raw --show', "'hugepool list --per-node'; -s is --sysroot here"],
  ['resize --clear', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['resize --clear 2M', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['--sysroot / --clear', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['--sysroot / -c', "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  ['--sysroot / -m', "'hugepool mount DIR --pagesize SIZE --mkdir'"],
  ['--sysroot / -r 4G', `'hugepool resize default=4G --node all' ${eachNode}; -r is --raw here`],
  ['--json -u', "'hugepool umount DIR'"],
  ['--sysroot / 2M:1024', "'hugepool resize 2M=1024'"],
  ['list 2M=1024', "'hugepool resize 2M=1024'"],
  ['resize --dry-run 2M:1024', "'hugepool resize 2M=1024'"],
  ['resize --sysroot / 2M 1024', "'hugepool resize 2M=1024'"],
  ['resize --leave 2G 2M = 512', "without blanks: 'hugepool resize 2M=512'"],
  ['--membind=0 resize 2M=5', '--mempolicy bind:0'],
  ['-m mount /mnt', 'write --mkdir'],
  ['-a umount', "name each directory; 'hugepool mounts' lists them"],
]

for (const [typed, hint] of table)
  t.test(typed, async (t) => {
    const { status, stderr } = await run(typed.split(' '), { tree: 'two-nodes' })
    t.equal(status, 2)
    t.strictSame(
      stderr.split('\n').filter((line) => line.startsWith('hint: ')),
      [`hint: ${hint}`],
    )
    for (const [, line = ''] of hint.matchAll(/'hugepool ([^']*)'/g)) {
      // What the reader has to put in is not accepted as it stands.
      if (/COUNT|AMOUNT|NODES|SIZE=|inodes N/.test(line)) continue
      const parsed = await parse(line.replace('--pagesize SIZE', '--pagesize 2M').split(' '))
      t.equal(parsed.kind, 'run', line)
      if (parsed.kind === 'run') parsed.command.prepare(parsed.words)
    }
  })

t.test('each row of the table is among them', async (t) => {
  const seen = new Set(table.map(([typed]) => bridgeFor(typed.split(' '))?.row))
  for (const [tool, rows] of Object.entries(foreignWords))
    for (const row of rows) t.ok(seen.has(row), `${tool}: ${row[0].source}`)
})

t.test('a hint about something else stays', async (t) => {
  const wrong = usage("'x' is not an amount", 'an amount is written as 2G')
  const typed = 'resize 2M=0:1 1:1 --leave x'.split(' ')
  t.equal(
    withBridge(wrong, typed).hint,
    `an amount is written as 2G\n${oneWord}: 'hugepool resize 2M=0:1,1:1'`,
  )
  t.equal(withBridge(wrong, ['resize', '2M=1', '--leave', 'x']), wrong)
})

t.test('words of hugepool are no words of others', async (t) => {
  for (const typed of [
    'resize 2M=512 1G=0:1,1:2 --leave 2G',
    'mount /mnt --options ro --size 4M -o SIZE,MODE',
    'test 2M=1 --mount /mnt --node 0',
    'list -r 2M',
    '--mount /mnt test 2M=1',
    'overcommit 2M=8 --json',
    'boot --line hugepagesz=2M hugepages=4 default_hugepagesz=1G --cma 1G=1',
    'umount /mnt --lazy',
    'demote 1G=1 --to 2M',
    '--json resize 2M=5 --leave 2G 1G=1',
  ])
    t.equal(bridgeFor(typed.split(' ')), undefined, typed)
})

t.test('JSON has the hint too', async (t) => {
  const { stdout } = await run(['--json', '--pool-list'], { tree: 'two-nodes' })
  t.equal(JSON.parse(stdout).error.hint, "'hugepool list -o SIZE,PERSISTENT,TOTAL,OVERCOMMIT'")
})

/** What a hint that does not know it leaves to the reader, where the manual has an example. */
const filledIn = (command: string): RegExp =>
  new RegExp(
    `^${command
      .replaceAll(/[+.]/g, '\\$&')
      .replace(' --pagesize SIZE', '(?: --pagesize \\S+)?')
      .replaceAll(/SIZE(?==)|COUNT|NODES/g, '\\S+')}$`,
    'i',
  )

/** Rows of which the hint is no command, or asks for a number that only the machine has. */
const otherwise = (typed: string, here: string): boolean =>
  /^(?:nothing|--)/.test(here) || typed.startsWith('--set-recommended-')

const titles = ['Coming from hugeadm', 'Coming from dpdk-hugepages', 'Coming from SPDK and virsh']

for (const title of titles)
  t.test(`${title}: what the manual says is what the hint says`, async (t) => {
    const rows = [...foreignRows(title)].filter(([typed, here]) => !otherwise(typed, here))
    t.ok(rows.length > 7, `${rows.length} rows`)
    for (const [typed, here] of rows) {
      const { status, stderr } = await run(typed.split(' '), { tree: 'two-nodes' })
      t.equal(status, 2, typed)
      const [, hinted = ''] = /^hint: 'hugepool ([^']*)'/m.exec(stderr) ?? []
      t.match(typedHere(here), filledIn(hinted), typed)
    }
  })

t.test('so it is with the words that it begins with', async (t) => {
  for (const [typed, here] of foreignRows('Words of other tools')) {
    // An assignment alone may stand behind several commands.
    const words = /^\d/.test(typed) ? `resize ${typed}` : typed
    const hint = bridgeFor(words.split(' '))?.hint.replace(' --pagesize SIZE', '')
    t.match(hint, new RegExp(here.replace('mount DIR --options', '--options')), typed)
  }
})

t.test('the manual and the hint name the kernel that the setting needs', async (t) => {
  const needs = fixedSettings.find(({ key }) => key === 'movable-gigantic')?.needs
  const [version = ''] = /Linux [\d.]+/.exec(needs ?? '') ?? []
  const typed = '--enable-zone-movable'
  t.equal(
    foreignRows('Coming from hugeadm').get(typed),
    `tune movable-gigantic=1, from ${version} on`,
  )
  t.match(bridgeFor([typed])?.hint, `which takes ${needs}`)
})
