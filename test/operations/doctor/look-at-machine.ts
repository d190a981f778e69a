import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { findingsSchema } from '../../../src/output/schemas/findings-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { scratch } from '../../helpers/persist.ts'
import { run, temporary } from '../../helpers/run.ts'

type Files = Readonly<Record<string, string>>

const pools = '/sys/kernel/mm/hugepages'
const on = '/sys/devices/system/node/node0/hugepages'

const pool = (kilobytes: number, total: number, free: number, more: Files = {}): Files => {
  const at = (directory: string) => `${directory}/hugepages-${kilobytes}kB`
  return {
    [`${at(pools)}/nr_hugepages`]: `${total}\n`,
    [`${at(pools)}/free_hugepages`]: `${free}\n`,
    [`${at(pools)}/surplus_hugepages`]: '0\n',
    [`${at(pools)}/resv_hugepages`]: '0\n',
    [`${at(pools)}/nr_overcommit_hugepages`]: '0\n',
    [`${at(on)}/nr_hugepages`]: `${total}\n`,
    [`${at(on)}/free_hugepages`]: `${free}\n`,
    [`${at(on)}/surplus_hugepages`]: '0\n',
    ...more,
  }
}

const mountLine = (id: number, target: string, size: string): string =>
  `${id} 28 0:${id} / ${target} rw,relatime - hugetlbfs none rw,pagesize=${size}\n`

const root = '28 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n'
const usual = `${root}${mountLine(32, '/dev/hugepages', '2M')}`
const mountinfo = '/proc/self/mountinfo'
const memory = (available: number, more = '') =>
  `MemTotal: 16777216 kB\nMemAvailable: ${available} kB\n${more}Hugepagesize: 2048 kB\n`

/** A machine with 100 idle pages of 2M, with which all is well. */
const healthy: Files = {
  ...pool(2048, 100, 100),
  '/sys/devices/system/node/online': '0\n',
  '/sys/devices/system/node/has_memory': '0\n',
  '/sys/devices/system/node/node0/meminfo':
    'Node 0 MemTotal: 16777216 kB\nNode 0 MemFree: 8388608 kB\n',
  '/proc/meminfo': memory(8388608),
  [mountinfo]: usual,
  '/proc/cmdline': 'quiet\n',
  '/proc/vmstat': 'nr_free_pages 1\nhtlb_buddy_alloc_fail 0\n',
  '/proc/sys/kernel/osrelease': '6.12.48\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/sysctl.d/90-huge.conf': 'vm.nr_hugepages = 100\n',
}

const kubelet = { '/proc/9/statm': '99999 9999 9 9 9 9 9\n', '/proc/9/comm': 'kubelet\n' }
const counted = (total: bigint) =>
  `{"policyName":"Static","machineState":{"0":{"memoryMap":{"hugepages-2Mi":{"total":${total}},"memory":{"total":9}}}}}`
const checkpoint = '/var/lib/kubelet/memory_manager_state'

const java = {
  '/proc/7/statm': '999999 9999 9 9 9 9 9\n',
  '/proc/7/comm': 'java\n',
  '/proc/7/cmdline': 'java\0-XX:+UseLargePages\0-jar\0a.jar\0',
  '/proc/7/maps': [
    '700000000-740000000 rw-p 00000000 00:00 0 ',
    '7f0000000000-7f0003000000 rwxp 00000000 00:10 5 /anon_hugepage (deleted)',
  ]
    .map((line) => `${line}\n`)
    .join(''),
}

const postgres = {
  '/proc/6/statm': '999999 9999 9 9 9 9 9\n',
  '/proc/6/comm': 'postgres\n',
  '/proc/6/cmdline': '/usr/bin/postgres\0-D\0/srv/db\0',
  '/proc/6/maps': '7f0000000000-7f0040000000 rw-s 00000000 00:01 5 /dev/zero (deleted)\n',
  '/srv/db/postgresql.conf': '#huge_pages = off\n',
}

const group = '/sys/fs/cgroup/app'
const limits = (max: string, reserved: string, refused = 0): Files => ({
  [mountinfo]: `${usual}40 28 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n`,
  '/proc/self/cgroup': '0::/\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'hugetlb\n',
  [`${group}/hugetlb.2MB.max`]: max,
  [`${group}/hugetlb.2MB.current`]: '0\n',
  [`${group}/hugetlb.2MB.rsvd.max`]: reserved,
  [`${group}/hugetlb.2MB.rsvd.current`]: '0\n',
  [`${group}/hugetlb.2MB.events.local`]: `max ${refused}\n`,
})

/** What is added to the healthy machine, and the one finding that comes of it, with its level. */
const causes: readonly (readonly [finding: string, files: Files])[] = [
  ['pool-unreadable problem', { [`${pools}/hugepages-2048kB/free_hugepages`]: 'some\n' }],
  ['growth-failed note', { '/proc/vmstat': 'htlb_buddy_alloc_fail 3\n' }],
  ['margin problem', { '/proc/meminfo': memory(1024) }],
  [
    'surplus-stays warning',
    pool(2048, 102, 102, {
      [`${pools}/hugepages-2048kB/surplus_hugepages`]: '2\n',
      [`${on}/hugepages-2048kB/surplus_hugepages`]: '2\n',
    }),
  ],
  ['pool-nearly-used note', pool(2048, 100, 4)],
  ['pool-all-reserved note', { [`${pools}/hugepages-2048kB/resv_hugepages`]: '100\n' }],
  ['persisted-not-there problem', { '/etc/sysctl.d/90-huge.conf': 'vm.nr_hugepages = 200\n' }],
  ['there-not-persisted warning', { '/etc/sysctl.d/90-huge.conf': '' }],
  [
    'there-not-persisted note',
    {
      '/etc/sysctl.d/90-huge.conf': '',
      '/etc/rc.local': '#!/bin/sh\necho $N > /sys/kernel/mm/hugepages/$S/nr_hugepages\n',
    },
  ],
  ['configuration-wrong problem', { '/etc/hugepool.toml': 'nonsense\n' }],
  [
    'several-writers warning',
    {
      '/etc/tmpfiles.d/huge.conf': `w ${pools}/hugepages-2048kB/nr_hugepages - - - - 80\n`,
    },
  ],
  [
    'mount-hidden warning',
    {
      [mountinfo]: `${usual}${mountLine(33, '/run/app/huge', '2M')}66 28 0:55 / /run/app rw - tmpfs tmpfs rw\n`,
    },
  ],
  ['pages-without-mount note', { [mountinfo]: root }],
  ['shm-group-unknown warning', { '/proc/sys/vm/hugetlb_shm_group': '4711\n' }],
  [
    'shm-group-unknown note',
    {
      '/proc/sys/vm/hugetlb_shm_group': '4711\n',
      '/etc/nsswitch.conf': 'group: files sss\n',
    },
  ],
  ['crash-kernel note', { '/sys/kernel/kexec_crash_size': '268435456\n' }],
  ['kubelet-stale note', { ...kubelet, [checkpoint]: '{"policyName":"None"}' }],
  ['kubelet-stale warning', { ...kubelet, [checkpoint]: counted(2n ** 20n) }],
  [
    'kubelet-keeps warning',
    {
      ...kubelet,
      [checkpoint]: counted(100n * 2n ** 21n),
      '/var/lib/kubelet/config.yaml': 'systemReserved:\n  hugepages-2Mi: 1Gi\n',
    },
  ],
  ['fell-back warning', java],
  ['fell-back warning', postgres],
  ['pool-too-small warning', { '/etc/my.cnf': 'large-pages\ninnodb_buffer_pool_size=1G\n' }],
  [
    'cgroup-undelegated note',
    {
      ...limits('max\n', 'max\n'),
      '/sys/fs/cgroup/cgroup.controllers': 'memory hugetlb\n',
      '/sys/fs/cgroup/kubepods.slice/cgroup.controllers': 'memory\n',
    },
  ],
  [
    'fragmented note',
    {
      [`${pools}/hugepages-2048kB/nr_overcommit_hugepages`]: '100\n',
      '/proc/meminfo': memory(8388608, 'MemFree: 4000000 kB\n'),
      '/proc/buddyinfo': 'Node 0, zone Normal 900000 0 0 0 0 0 0 0 0 3 0\n',
    },
  ],
  ['cgroup-limit warning', limits('0\n', 'max\n')],
  ['cgroup-late note', limits('4194304\n', 'max\n')],
  ['cgroup-refused warning', limits('4194304\n', '4194304\n', 5)],
]

/** What is added, and leaves the machine healthy. */
const harmless: readonly Files[] = [
  {},
  { '/proc/sys/vm/hugetlb_shm_group': '0\n' },
  { '/proc/sys/vm/hugetlb_shm_group': '1001\n', '/etc/group': 'app:x:1001:\n' },
  { ...kubelet, [checkpoint]: counted(100n * 2n ** 21n) },
  { ...postgres, '/srv/db/postgresql.auto.conf': "huge_pages = 'off'\n" },
  { ...java, '/proc/7/cmdline': 'java\0-jar\0a.jar\0' },
  limits('max\n', 'max\n'),
  { '/proc/meminfo': memory(8388608, 'AnonHugePages: 9999999 kB\n') },
]

const look = async (t: Test, files: Files, ...words: readonly string[]) => {
  const directory = temporary(t)
  scratch(directory, { ...healthy, ...files })
  const tree = directoryTree(directory)
  const write = (path: string) => {
    throw new Error(`doctor reads only, and writes to ${path}`)
  }
  return run(['doctor', ...words], { tree: { ...tree, write } })
}

const levels = async (t: Test, files: Files): Promise<readonly string[]> =>
  (await look(t, files, '--raw', '-n', '-o', 'FINDING,LEVEL')).stdout.split('\n').filter(Boolean)

t.test('a healthy machine', async (t) => {
  t.strictSame(await look(t, {}), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: nothing is wrong\n',
  })
  for (const files of harmless) t.strictSame(await levels(t, files), [], JSON.stringify(files))
})

t.test('each cause alone makes one finding', async (t) => {
  for (const [finding, files] of causes) t.strictSame(await levels(t, files), [finding], finding)
})

t.test('each of them says what can be done', async (t) => {
  for (const [finding, files] of causes) {
    const { stdout } = await look(t, files, '--json')
    const { findings } = findingsSchema.parse(parseExact(stdout))
    t.strictSame(
      findings.filter(({ hints = [] }) => hints.length === 0),
      [],
      finding,
    )
  }
})

t.test('a hint has the path of the limit as it is mounted', async (t) => {
  const files = Object.entries(limits('0\n', 'max\n')).map(([path, text]) => [
    path.replace('/sys/fs/cgroup', '/cg'),
    text.replace('/sys/fs/cgroup', '/cg'),
  ])
  const { stderr } = await look(t, Object.fromEntries(files))
  t.match(stderr, "hint: 'echo 2097152 > /cg/app/hugetlb.2MB.max' lets it have one\n")
})

t.test('what is shown of a finding, and what comes after the sum', async (t) => {
  const files = { '/etc/sysctl.d/90-huge.conf': '', '/proc/vmstat': 'htlb_buddy_alloc_fail 3\n' }
  t.strictSame(await look(t, { ...files, ...kubelet }, '-q'), {
    status: 5,
    stdout: [
      'FINDING              LEVEL    WHAT',
      'growth-failed        note     the kernel could not make 3 huge pages since it started (htlb_buddy_alloc_fail): memory was short, or in pieces',
      'there-not-persisted  warning  100 pages of 2M are there, and nothing makes them at the next start',
      'kubelet-stale        note     a kubelet runs (process 9), which reads the pools at its start only: what it offers to pods can differ from what there is (200M in pages of 2M)',
      '',
    ].join('\n'),
    stderr: [
      'hugepool: 1 warning, 2 notes',
      `hugepool: not seen: ${checkpoint}: cannot be read: what the kubelet counts is not known`,
      'hugepool: not seen: /var/lib/kubelet/config.yaml: cannot be read: what the kubelet keeps from pods is not known',
      "hint: 'hugepool resize SIZE=COUNT --compact' has it compact memory first",
      "hint: 'hugepool resize 2M=100 --persist' has them made",
      "hint: 'kubectl describe node' shows what it offers; after a change of pools: 'systemctl restart kubelet'",
      '',
    ].join('\n'),
  })
})

t.test('a masked unit of systemd', async (t) => {
  const directory = temporary(t)
  scratch(directory, { ...healthy, [mountinfo]: root })
  mkdirSync(join(directory, 'etc/systemd/system'), { recursive: true })
  symlinkSync('/dev/null', join(directory, 'etc/systemd/system/dev-hugepages.mount'))
  const words = ['doctor', '--raw', '-n', '-o', 'FINDING,LEVEL']
  const { stdout, status } = await run(words, { tree: directoryTree(directory) })
  t.strictSame([stdout, status], ['dev-hugepages-masked warning\n', 5])
})

t.test('words about a mapping need one, and each table has its columns', async (t) => {
  t.strictSame(await look(t, {}, '--via', 'shm'), {
    status: 2,
    stdout: '',
    stderr: "hugepool: --via needs an ASSIGNMENT\ntry 'hugepool doctor --help'\n",
  })
  const { stderr, status } = await look(t, {}, '-o', 'CHECK')
  t.strictSame([stderr.split('\n', 1), status], [["hugepool: 'CHECK' is no column here"], 2])
})
