import t from 'tap'
import type { FaultFacts } from '../../../../src/model/mapping/reasons/fault-facts.ts'
import {
  mapCountReason,
  refusalReason,
} from '../../../../src/model/mapping/reasons/refusal-reason.ts'
import { anywhere, around, cgroupLimit, raisedTo } from '../../../helpers/fault-facts.ts'
import { gigantic, small } from '../../../helpers/mapping-plan.ts'
import * as fc from '../../../helpers/property.ts'
import { G, M } from '../../../helpers/sizes.ts'

const because = (rest: Partial<FaultFacts> = {}) => {
  const { why, advice } = refusalReason(around(rest))
  return { why, advice }
}

const space = {
  why: 'no room for 6M in the address space',
  advice: ["'ulimit -v' and 'ulimit -d' show the limits of this shell"],
}

t.test('nothing is missing, or nothing was to be reserved', async (t) => {
  t.strictSame(because(), space)
  t.strictSame(because({ wanted: 99n, noreserve: true }).advice, space.advice)
  t.equal(because({ wanted: 99n, noreserve: true }).why, 'no room for 198M in the address space')
  t.strictSame(because({ mount: { target: '/mnt/huge', free: 6n * M } }), space, 'just enough')
  t.strictSame(
    because({ limits: { pages: [cgroupLimit()], reserved: [], memory: [cgroupLimit()] } }),
    space,
    'limits of pages that are faulted in',
  )
  t.strictSame(because({ file: { bytes: 0n, needed: 6n * M } }), space)
})

t.test('an address space without limits', async (t) => {
  const { why, advice } = because({ isSpaceLimited: false })
  t.match(why, /^the kernel refuses it for a reason that it does not show, such as .* a cgroup/)
  t.strictSame(advice, [])
  t.strictSame(because({ isSpaceLimited: false, noreserve: true, wanted: 2n ** 25n }), {
    why: 'no room for 64T in the address space',
    advice: [],
  })
  const little = because({ isSpaceLimited: false, noreserve: true, wanted: 2n ** 25n - 1n })
  t.strictSame(little.why, why, 'a page less would find room')
})

t.test('a process that may have no further mapping', async (t) => {
  const full = { mappings: 100n, mostMappings: 100n }
  const why = 'the process has 100 mappings, and vm.max_map_count allows 100'
  const advice = ["'sysctl vm.max_map_count=101' allows more"]
  t.strictSame(because({ space: full }), { why, advice })
  t.strictSame(because({ space: full, noreserve: true }), { why, advice })
  t.strictSame(because({ space: { mappings: 99n, mostMappings: 100n } }), space)
  t.strictSame(because({ space: { mappings: 100n } }), space)
  t.equal(refusalReason(around({ space: full, isSpaceLimited: false })).reason, 'limit')
  t.match(because({ space: full, wanted: 12n }).why, /^10 available: 2 missing/, 'pages come first')
  t.strictSame(mapCountReason({ mappings: 98n, mostMappings: 100n }, 3n)?.advice, advice)
  t.equal(mapCountReason({ mappings: 97n, mostMappings: 100n }, 3n), undefined)
})

t.test('more than all memory is not to be asked for', async (t) => {
  t.strictSame(because({ wanted: 99n, memory: 100n * M }).advice, [
    '178M are missing, and the machine has 100M available: ask for 39 pages less, or free memory',
  ])
  t.match(because({ wanted: 99n, memory: 178n * M }).advice, [/resize 2M=\+89/, /overcommit 2M=89/])
})

t.test('the cgroup', async (t) => {
  const limit = cgroupLimit({ file: 'hugetlb.2MB.rsvd.max', current: 0n })
  t.strictSame(because({ limits: { pages: [], reserved: [limit], memory: [] } }), {
    why: 'the cgroup /jobs allows 4M (hugetlb.2MB.rsvd.max) and has 0: too little',
    advice: [raisedTo(6n * M, 'jobs/hugetlb.2MB.rsvd.max')],
  })
})

t.test('the size limit of a mount', async (t) => {
  for (const [free, pages] of [
    [6n * M - 1n, '2 pages'],
    [2n * M, '1 page'],
    [0n, '0 pages'],
  ] as const)
    t.strictSame(because({ mount: { target: '/mnt/huge', free } }), {
      why: `the mount /mnt/huge is full: its size limit leaves ${pages}, while the pool has 10 available`,
      advice: [
        "mount anew with a larger --size, which takes away the files of the old mount: 'hugepool mounts' shows the limits",
      ],
    })
})

const bind = (...nodes: readonly number[]) => ({ mode: 'bind', nodes }) as const

t.test('all that stands in the way, so that nothing is mended twice', async (t) => {
  const own = cgroupLimit({ group: '/jobs/one', file: 'hugetlb.2MB.rsvd.max', current: 0n })
  const above = cgroupLimit({ file: 'hugetlb.2MB.rsvd.max', current: 0n })
  const touched = cgroupLimit({ max: 8n * M, current: 0n })
  const memory = (max: bigint) => cgroupLimit({ file: 'memory.max', max, current: max })
  const limits = { pages: [touched], reserved: [own, above], memory: [memory(23n * M)] }
  const mount = { target: '/mnt/huge', free: 6n * M }
  t.strictSame(because({ wanted: 12n, limits, mount }), {
    why: [
      'the cgroup /jobs/one allows 4M (hugetlb.2MB.rsvd.max) and has 0: too little',
      'the cgroup /jobs allows 4M (hugetlb.2MB.rsvd.max) and has 0: too little',
      'the mount /mnt/huge is full: its size limit leaves 3 pages, while the pool has 10 available',
      '10 available: 2 missing, and overcommit allows none',
      'the cgroup /jobs allows 8M (hugetlb.2MB.max) and has 0: too little to touch them',
      'the cgroup /jobs allows 23M (memory.max) and has 23M, and huge pages count in it (memory_hugetlb_accounting)',
    ].join('; besides, '),
    advice: [
      raisedTo(24n * M, 'jobs/one/hugetlb.2MB.rsvd.max'),
      raisedTo(24n * M, 'jobs/hugetlb.2MB.rsvd.max'),
      "mount anew with a larger --size, which takes away the files of the old mount: 'hugepool mounts' shows the limits",
      makesRoom('2M=+2'),
      lets('2M=2'),
      raisedTo(24n * M),
      raisedTo(47n * M, 'jobs/memory.max'),
    ],
  })
  const reclaimable = { pages: [], reserved: [], memory: [memory(24n * M)] }
  t.notMatch(because({ wanted: 12n, limits: reclaimable }).why, 'memory.max')
})

t.test('a mapping on each node: all nodes that lack pages', async (t) => {
  const later = [{ pages: 5n, policy: bind(1) }]
  const there = (text: string) => `${makesRoom(text)} there`
  t.strictSame(because({ wanted: 2n, policy: bind(3), later: [{ pages: 5n, policy: bind(1) }] }), {
    why:
      '0 free on node 3, to which the mapping is bound: 2 missing; besides,' +
      ' 4 free on node 1, to which the mapping is bound: 1 missing',
    advice: [there('2M=3:+2'), there('2M=1:+1')],
  })
  t.strictSame(
    because({ wanted: 7n, policy: bind(0), later, pool: { ...small, reserved: 3n } }),
    {
      why: '7 available: 5 missing, and overcommit allows none',
      advice: [there('2M=0:+4'), there('2M=1:+1')],
    },
    'what no node lacks is reserved by others',
  )
  t.strictSame(
    because({ wanted: 5n, policy: bind(0, 1), allowedNodes: [1] }).why,
    '4 free on node 1, to which the policy and the cpuset confine it: 1 missing',
  )
})

const makesRoom = (text: string) => `'hugepool resize ${text}' makes room`
const lets = (text: string) => `'hugepool overcommit ${text}' lets the kernel make what is missing`

t.test('the pool: what is missing, and what overcommit does about it', async (t) => {
  const lacks = '10 available: 2 missing'
  for (const [rest, why, ...advice] of [
    [{}, `${lacks}, and overcommit allows none`, makesRoom('2M=+2'), lets('2M=2')],
    [
      { overcommit: 1n },
      `${lacks}, and overcommit allows only 1`,
      makesRoom('2M=+2'),
      lets('2M=2'),
    ],
    [
      { overcommit: 4n, surplus: 3n },
      `${lacks}, and overcommit allows only 1`,
      makesRoom('2M=+5'),
      lets('2M=5'),
    ],
    [
      { overcommit: 9n, surplus: 3n },
      `${lacks}; overcommit allows 6, but the memory was not found`,
      "'hugepool resize 2M=+5 --compact' tries harder to find it",
    ],
    [
      { overcommit: 1n, surplus: 3n },
      `${lacks}, and overcommit allows no more`,
      makesRoom('2M=+5'),
      lets('2M=5'),
    ],
    [
      { reserved: 7n },
      '3 available: 9 missing, and overcommit allows none',
      makesRoom('2M=+9'),
      lets('2M=9'),
    ],
    [{ reserved: -2n }, `${lacks}, and overcommit allows none`, makesRoom('2M=+2'), lets('2M=2')],
  ] as const)
    t.strictSame(because({ wanted: 12n, pool: { ...small, ...rest } }), { why, advice })
})

t.test(
  'pages that the min_size of a mount holds, of which some may be those of others',
  async (t) => {
    const mount = { target: '/mnt/huge', least: 4n * M }
    const held = 'held by the min_size of /mnt/huge'
    const uses = `10 available, and files there use part of the 2 ${held}`
    const none = 'and overcommit allows none'
    for (const [rest, why, ...advice] of [
      [
        { wanted: 14n },
        `10 available and up to 2 ${held}: at least 2 missing, ${none}`,
        makesRoom('2M=+2'),
        lets('2M=2'),
      ],
      [{ wanted: 12n }, uses, makesRoom('2M=+2')],
      [{ wanted: 11n }, uses, makesRoom('2M=+1')],
      [{ wanted: 11n, pool: { ...small, surplus: 3n } }, uses, makesRoom('2M=+4')],
      [
        { wanted: 6n, pool: { ...small, reserved: 5n }, policy: bind(0) },
        uses.replace('10', '5'),
        `${makesRoom('2M=0:+1')} there`,
      ],
    ] as const)
      t.strictSame(because({ mount, ...rest }), { why, advice })
    t.strictSame(because({ mount, wanted: 10n }).advice, space.advice)
  },
)

t.test('gigantic pages: not every kernel takes an overcommit of them', async (t) => {
  for (const [canOvercommit, ...advice] of [
    [true, makesRoom('1G=+2'), lets('1G=2')],
    [false, makesRoom('1G=+2')],
  ] as const)
    t.strictSame(because({ size: G, pool: gigantic, wanted: 2n, canOvercommit }), {
      why: '0 available: 2 missing, and overcommit allows none',
      advice,
    })
})

const onNode = (node: number, surplus: bigint) => ({
  ...small,
  surplus,
  nodes: small.nodes.map((one) => (one.node === node ? { ...one, surplus } : one)),
})

t.test('nodes to which the mapping is bound', async (t) => {
  for (const [rest, why, advice] of [
    [
      { wanted: 5n, policy: bind(1) },
      '4 free on node 1, to which the mapping is bound: 1 missing',
      '2M=1:+1',
    ],
    [
      { wanted: 7n, policy: bind(0, 3) },
      '6 free on nodes 0,3, to which the mapping is bound: 1 missing',
      '2M=0:+1',
    ],
    [
      { wanted: 9n, allowedNodes: [0, 3] },
      '6 free on nodes 0,3, to which the cpuset confines it: 3 missing',
      '2M=0:+3',
    ],
    [
      { wanted: 5n, policy: bind(0, 1), allowedNodes: [1] },
      '4 free on node 1, to which the policy and the cpuset confine it: 1 missing',
      '2M=1:+1',
    ],
    [
      { wanted: 5n, policy: bind(1), pool: onNode(1, 3n) },
      '4 free on node 1, to which the mapping is bound: 1 missing',
      '2M=1:+4',
    ],
  ] as const)
    t.strictSame(because(rest), { why, advice: [`${makesRoom(advice)} there`] })
  t.strictSame(because({ policy: bind(0) }), space)
  t.strictSame(
    because({ wanted: 9n, policy: { mode: 'preferred', nodes: [1] } }).why.slice(0, 7),
    'no room',
  )
})

t.test('a bound mapping needs its pages on its nodes, whatever the pool lacks', async (t) => {
  const lacks = '10 available: 2 missing, and overcommit allows none'
  for (const [policy, pool, advice] of [
    [bind(1), small, '2M=1:+8'],
    [bind(1), onNode(1, 3n), '2M=1:+11'],
    [bind(0, 1), small, '2M=0:+2'],
    [bind(1), { ...small, reserved: 0n, overcommit: 0n }, '2M=1:+8'],
  ] as const)
    t.strictSame(because({ wanted: 12n, policy, pool }), {
      why: lacks,
      advice: [`${makesRoom(advice)} there`],
    })
})

t.test('property: a refusal always has words, and no number in it is negative', async () => {
  fc.assert(
    fc.property(anywhere, (facts) => {
      const { why, advice } = refusalReason(facts)
      return [why, ...advice].every(
        (words) => words.trim() !== '' && !/(?<!\d)-\d|undefined|NaN|\+0\b/.test(words),
      )
    }),
  )
})

t.test('its word is that of what the kernel met first', async (t) => {
  const full = { target: '/mnt/huge', free: 0n }
  const limits = { pages: [], memory: [], reserved: [cgroupLimit()] }
  for (const [rest, reason] of [
    [{}, 'limit'],
    [{ isSpaceLimited: false }, 'kernel'],
    [{ wanted: 12n }, 'short'],
    [{ wanted: 12n, mount: full }, 'limit'],
    [{ wanted: 12n, limits }, 'limit'],
    [{ wanted: 9n, policy: { mode: 'bind', nodes: [1] } }, 'short'],
  ] as const)
    t.equal(refusalReason(around(rest)).reason, reason)
})
