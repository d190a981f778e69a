import t from 'tap'
import { sysctlSettings } from '../../../../src/model/config/tune/sysctl-settings.ts'

const largest = 2n ** 64n - 1n

t.test('what each can be', async (t) => {
  const noLimit = { least: 0n, most: largest, max: largest - 2n ** 24n }
  t.strictSame(Object.fromEntries(sysctlSettings.map(({ key, accepts }) => [key, accepts])), {
    'shm-group': { kind: 'group' },
    shmmax: { kind: 'bytes', ...noLimit },
    shmall: { kind: 'pages', ...noLimit },
    shmmni: { kind: 'number', least: 0n, most: 16777216n },
    'min-free': { kind: 'bytes', unit: 1024n, least: 1048576n, most: (2n ** 31n - 1n) * 1024n },
    'overcommit-memory': { kind: 'number', least: 0n, most: 2n },
    'compaction-proactiveness': { kind: 'number', least: 0n, most: 100n, counts: '%' },
    'zone-reclaim': { kind: 'number', least: 0n, most: 7n },
    'free-vmemmap': { kind: 'switch' },
    'movable-gigantic': { kind: 'switch' },
  })
})

t.test('what each is, and what has it', async (t) => {
  t.strictSame(
    Object.fromEntries(sysctlSettings.map(({ key, what, needs }) => [key, [what, needs]])),
    {
      'shm-group': ['may make SysV segments', 'a kernel with CONFIG_HUGETLBFS'],
      shmmax: ['largest SysV segment', 'a kernel with CONFIG_SYSVIPC'],
      shmall: ['pages of all segments', 'a kernel with CONFIG_SYSVIPC'],
      shmmni: ['number of segments', 'a kernel with CONFIG_SYSVIPC'],
      'min-free': ['memory kept free', 'a mounted /proc'],
      'overcommit-memory': ['promises of memory', 'a mounted /proc'],
      'compaction-proactiveness': ['compaction, in %', 'Linux 5.9 or later with CONFIG_COMPACTION'],
      'zone-reclaim': ['reclaim on full nodes', 'a kernel with CONFIG_NUMA'],
      'free-vmemmap': [
        'frees page structs',
        'Linux 5.19 or later with CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP',
      ],
      'movable-gigantic': ['1G in ZONE_MOVABLE', 'Linux 7.0 or later with gigantic pages'],
    },
  )
  const ofNamespace = sysctlSettings.filter((each) => each.ofNamespace).map(({ key }) => key)
  t.strictSame(ofNamespace, ['shmmax', 'shmall', 'shmmni'])
})

t.test('a quarter of the memory may be kept free', async (t) => {
  const { limit } = sysctlSettings.find(({ key }) => key === 'min-free') ?? {}
  const machine = { pools: [], basePage: 4096n }
  t.equal(limit?.most(machine), undefined)
  t.equal(limit?.most({ ...machine, memory: 4000n }), 1000n)
  t.strictSame(
    [limit?.why, limit?.upTo],
    ['a quarter of the memory: programs would not find the rest', 'a quarter of the memory'],
  )
})

t.test('more segments take a word of the kernel command line', async (t) => {
  const { limit } = sysctlSettings.find(({ key }) => key === 'shmmni') ?? {}
  const machine = { pools: [], basePage: 4096n }
  t.strictSame(
    [undefined, false, true].map((extendedIpc) =>
      limit?.most(extendedIpc === undefined ? machine : { ...machine, extendedIpc }),
    ),
    [undefined, 32768n, undefined],
  )
  t.strictSame(
    [limit?.why, limit?.upTo],
    [
      'the most without ipcmni_extend on the kernel command line',
      '32768, or 16777216 with ipcmni_extend on the kernel command line',
    ],
  )
})
