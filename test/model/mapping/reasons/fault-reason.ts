import t from 'tap'
import type { FaultFacts } from '../../../../src/model/mapping/reasons/fault-facts.ts'
import { faultReason } from '../../../../src/model/mapping/reasons/fault-reason.ts'
import { anywhere, around, cgroupLimit, empty, raisedTo } from '../../../helpers/fault-facts.ts'
import { small } from '../../../helpers/mapping-plan.ts'
import * as fc from '../../../helpers/property.ts'
import { M } from '../../../helpers/sizes.ts'

const pages = (...limits: readonly ReturnType<typeof cgroupLimit>[]) => ({
  pages: limits,
  reserved: [],
  memory: [],
})
const reserved = (...limits: readonly ReturnType<typeof cgroupLimit>[]) => ({
  ...pages(),
  reserved: limits,
})
const memory = { ...pages(), memory: [cgroupLimit({ file: 'memory.max' })] }
const bind = (...nodes: readonly number[]) => ({ mode: 'bind', nodes }) as const

const because = (rest: Partial<FaultFacts>, errno = 'SIGBUS') => {
  const { why, advice } = faultReason(errno, around(rest))
  return { why, advice }
}

const truncated = { bytes: 4n * M, needed: 6n * M }
const full = { target: '/mnt/huge', free: 2n * M - 1n }
/** Of three pages that are wanted beside the 4M that are there. */
const raised = [raisedTo(10n * M)]
const anew = [
  "mount anew with a larger --size, which takes away the files of the old mount: 'hugepool mounts' shows the limits",
]
const groupWords =
  'the cgroup /jobs allows 4M (hugetlb.2MB.max) and has 4M: no room for another page'

t.test('the file, the mount, the cgroup', async (t) => {
  t.strictSame(because({ file: truncated }), {
    why: 'the file ends before this page: it has been truncated to 4M',
    advice: [],
  })
  t.strictSame(because({ noreserve: true, mount: full }), {
    why: 'the size limit of the mount /mnt/huge is used up, not the pool',
    advice: anew,
  })
  const byGroup = { why: groupWords, advice: raised }
  t.strictSame(because({ limits: pages(cgroupLimit()) }), byGroup)
  t.strictSame(because({ limits: reserved(cgroupLimit()), noreserve: true }), byGroup)
  t.strictSame(because({ limits: pages(cgroupLimit({ current: 2n * M + 1n })) }).advice, [
    raisedTo(8n * M + 1n),
  ])
})

const makesRoom = (text: string) => `'hugepool resize ${text}' makes room`
const lets = (text: string) => `'hugepool overcommit ${text}' lets the kernel make what is missing`
const harder = (text: string) => `'hugepool resize ${text} --compact' tries harder to find it`

t.test('an empty pool, and one that is promised to others', async (t) => {
  const none = ', and a NORESERVE mapping is promised none'
  const more = 'overcommit allows none'
  const but = 'overcommit would allow 2 more, but no memory was found for one'
  for (const [rest, words] of [
    [{ pool: empty() }, `; ${more}`],
    [{ pool: empty(), noreserve: true }, `${none}; ${more}`],
    [{ pool: empty({ overcommit: 2n }) }, `; ${but}`],
    [{ pool: empty({ overcommit: 9n }) }, `; ${but.replace('2', '9')}`],
    [
      { pool: { ...small, reserved: 10n }, noreserve: true },
      ` (10 free, all reserved by others)${none}; ${more}`,
    ],
  ] as const) {
    const { why, advice } = because(rest)
    t.equal(why, `the pool is exhausted: no page is available${words}`)
    const noMemory = (rest.pool.overcommit ?? 0n) > 0n
    t.strictSame(advice, noMemory ? [harder('2M=+3')] : [makesRoom('2M=+3'), lets('2M=3')])
  }
  const used = because({ pool: empty({ overcommit: 2n, surplus: 2n }) })
  t.match(used.why, /page is available; overcommit allows no more$/)
  t.strictSame(used.advice, [makesRoom('2M=+5'), lets('2M=5')])
})

t.test('a single page is a page', async (t) => {
  const none = 'the pool is exhausted: no page is available'
  t.equal(
    because({ pool: { ...small, free: 1n, reserved: 1n }, noreserve: true }).why,
    `${none} (1 free, all reserved by others), and a NORESERVE mapping is promised none; overcommit allows none`,
  )
  t.strictSame(because({ pool: empty({ overcommit: 1n }) }), {
    why: `${none}; overcommit would allow 1 more, but no memory was found for one`,
    advice: [harder('2M=+3')],
  })
  const single = small.nodes.map((one) => ({ ...one, free: one.node === 1 ? 1n : 0n }))
  const bound = around({ pool: { ...small, free: 1n, nodes: single }, policy: bind(1) })
  t.equal(faultReason('SIGBUS', bound).reason, 'kernel', 'the node has one')
})

t.test('nodes that have no page left', async (t) => {
  const onlyOn = (node: number, free: bigint) => ({
    ...small,
    free,
    nodes: small.nodes.map((one) => ({ ...one, free: one.node === node ? free : 0n })),
  })
  const end = 'overcommit allows none'
  t.strictSame(because({ pool: onlyOn(0, 6n), policy: bind(1) }), {
    why: `no page is free on node 1, to which the mapping is bound; 6 pages are free on other nodes; ${end}`,
    advice: ["'hugepool resize 2M=1:+3' makes room there"],
  })
  t.strictSame(because({ pool: onlyOn(1, 1n), allowedNodes: [0, 3] }), {
    why: `no page is free on nodes 0,3, to which the cpuset confines it; 1 page is free on other nodes; ${end}`,
    advice: ["'hugepool resize 2M=0:+3' makes room there"],
  })
})

t.test('a growth that helps the next time', async (t) => {
  const surplus = (overcommit: bigint) => empty({ surplus: 4n, overcommit })
  for (const [rest, ...advice] of [
    [{ pool: surplus(0n) }, makesRoom('2M=+7'), lets('2M=7')],
    [{ pool: surplus(4n) }, makesRoom('2M=+7'), lets('2M=7')],
    [{ pool: surplus(6n) }, harder('2M=+7')],
    [{ pool: surplus(7n) }, harder('2M=+7')],
    [{ pool: surplus(0n), canOvercommit: false }, makesRoom('2M=+7')],
    [{ pool: surplus(0n), allowedNodes: [1, 3] }, `${makesRoom('2M=1:+3')} there`],
    [{ pool: empty(), policy: bind(1) }, `${makesRoom('2M=1:+3')} there`],
  ] as const) {
    t.match(because(rest).why, /exhausted/)
    t.strictSame(because(rest).advice, advice)
  }
})

t.test('memory that is missing for what belongs to a page', async (t) => {
  const ever = 'a program that stores there faults for ever on kernels from 6.7 to 7.2'
  const none = `the kernel found no memory for what belongs to the page, or a cgroup that cannot be seen from here limits it; ${ever}`
  const limit =
    'the cgroup /jobs allows 4M (memory.max) and has 4M, and huge pages count in it' +
    ` (memory_hugetlb_accounting); ${ever}`
  const advice = [raisedTo(10n * M, 'jobs/memory.max')]
  t.strictSame(because({}, 'ENOMEM'), { why: none, advice: [] })
  t.strictSame(because({ limits: memory }, 'ENOMEM'), { why: limit, advice })
  t.strictSame(because({}, 'STUCK'), { why: `the fault never completed: ${none}`, advice: [] })
  t.strictSame(because({ limits: memory }, 'STUCK'), {
    why: `the fault never completed: ${limit}`,
    advice,
  })
  const [sigbus = ''] = limit.split('; a program')
  t.strictSame(because({ limits: memory }), { why: sigbus, advice }, 'later kernels give SIGBUS')
})

t.test('damaged memory, and what has no reason that could be seen', async (t) => {
  t.strictSame(because({ pool: empty() }, 'EHWPOISON'), {
    why: 'the memory of this page is damaged (hardware poison)',
    advice: ["the kernel's log and 'edac-util' name the memory module"],
  })
  const unknown = {
    why: 'the kernel gave no page, for a reason that it does not show, such as a limit of a cgroup that cannot be seen from here',
    advice: [],
  }
  for (const rest of [
    {},
    { file: { bytes: 6n * M, needed: 6n * M } },
    { mount: full },
    { noreserve: true, mount: { target: '/mnt/huge' } },
    { noreserve: true, mount: { target: '/mnt/huge', free: 2n * M } },
    { limits: reserved(cgroupLimit()) },
    { limits: pages(cgroupLimit({ current: 2n * M })) },
    { pool: { ...small, reserved: 10n } },
    { policy: bind(1), allowedNodes: [0, 1] },
  ] as const)
    t.strictSame(because(rest), unknown, JSON.stringify(Object.keys(rest)))
})

t.test('the first reason is the one that the kernel meets first', async (t) => {
  const all: Partial<FaultFacts> = {
    noreserve: true,
    file: truncated,
    mount: full,
    limits: pages(cgroupLimit()),
    pool: empty(),
    policy: bind(1),
  }
  const inOrder = [
    ['file', /truncated/],
    ['mount', /size limit of the mount/],
    ['limits', /cgroup/],
    ['pool', /exhausted/],
    ['policy', /no page is free on node 1/],
  ] as const
  let left = all
  for (const [key, words] of inOrder) {
    t.match(because(left).why, words)
    const { [key]: _, ...rest } = left
    left = rest
    if (key === 'limits') left = { ...left, noreserve: false }
    if (key === 'pool')
      left = {
        ...left,
        pool: {
          ...small,
          nodes: small.nodes.map((one) => (one.node === 1 ? { ...one, free: 0n } : one)),
        },
      }
  }
})

t.test('what the next pages would meet is named beside it', async (t) => {
  const own = cgroupLimit({ group: '/jobs/one', max: 6n * M })
  const besides = (rest: Partial<FaultFacts>) => {
    const { why, advice } = because(rest)
    return [why.split('; besides, ').slice(1), advice]
  }
  const ownWords = (end: string) =>
    `the cgroup /jobs/one allows 6M (hugetlb.2MB.max) and has 4M: ${end}`
  const raiseOwn = raisedTo(10n * M, 'jobs/one/hugetlb.2MB.max')
  const twelve = raisedTo(28n * M)
  const later = [{ pages: 2n, policy: bind(3) }]
  const small3 = { ...small, nodes: small.nodes.map((one) => ({ ...one, free: 0n })) }
  for (const [rest, words, advice, why] of [
    [
      { limits: pages(cgroupLimit(), own) },
      [ownWords('too little to touch them')],
      [...raised, raiseOwn],
      'another cgroup has room for the next page, and not for all',
    ],
    [
      { limits: pages(cgroupLimit()), noreserve: true, wanted: 12n },
      ['10 available: 2 missing, and overcommit allows none'],
      [twelve, makesRoom('2M=+2'), lets('2M=2')],
      'the pool',
    ],
    [
      {
        limits: pages(cgroupLimit()),
        noreserve: true,
        wanted: 12n,
        pool: { ...small, overcommit: 2n },
      },
      [],
      [twelve],
      'overcommit may make them',
    ],
    [{ limits: pages(cgroupLimit()), wanted: 12n }, [], [twelve], 'they are reserved'],
    [
      { limits: pages(cgroupLimit()), wanted: 5n, policy: bind(1) },
      ['4 free on node 1, to which the mapping is bound: 1 missing'],
      [raisedTo(14n * M), `${makesRoom('2M=1:+1')} there`],
      'the node',
    ],
    [
      { pool: empty(), noreserve: true, mount: { target: '/mnt/huge', free: 4n * M } },
      [
        'the mount /mnt/huge is full: its size limit leaves 2 pages, while the pool has 0 available',
      ],
      [makesRoom('2M=+3'), lets('2M=3'), ...anew],
      'the mount',
    ],
    [
      { pool: small3, policy: bind(1), later },
      ['0 free on node 3, to which the mapping is bound: 2 missing'],
      [`${makesRoom('2M=1:+3')} there`, `${makesRoom('2M=3:+2')} there`],
      'the node of a mapping that comes later',
    ],
    [{ file: truncated, limits: pages(cgroupLimit()) }, [], [], 'a file that ends has no pages'],
  ] as const)
    t.strictSame(besides(rest), [words, advice], why)
})

t.test('property: a reason always has words, and no number in it is negative', async () => {
  const errnos = fc.constantFrom('SIGBUS', 'ENOMEM', 'STUCK', 'EHWPOISON', 'EFAULT')
  fc.assert(
    fc.property(errnos, anywhere, (errno, facts) => {
      const { why, advice } = faultReason(errno, facts)
      return [why, ...advice].every(
        (words) => words.trim() !== '' && !/(?<!\d)-\d|undefined|NaN/.test(words),
      )
    }),
  )
})

t.test('its word is that of what the kernel met first', async (t) => {
  for (const [rest, errno, reason] of [
    [{ file: truncated }, 'SIGBUS', 'changed'],
    [{ noreserve: true, mount: full }, 'SIGBUS', 'limit'],
    [{ limits: pages(cgroupLimit()) }, 'SIGBUS', 'limit'],
    [{ pool: empty() }, 'SIGBUS', 'short'],
    [{ limits: memory }, 'SIGBUS', 'limit'],
    [{}, 'SIGBUS', 'kernel'],
    [{}, 'ENOMEM', 'no-memory'],
    [{ limits: memory }, 'STUCK', 'limit'],
    [{}, 'EHWPOISON', 'damaged'],
  ] as const)
    t.equal(faultReason(errno, around(rest)).reason, reason, `${errno} ${reason}`)
})
