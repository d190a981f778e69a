import t from 'tap'
import { lines } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

const came = 'all pages and reservations came back'

t.test('a private anonymous mapping, step by step', async (t) => {
  const { status, stdout, stderr, document } = await testOnFake('2M=8')
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 0,
      stdout: lines(
        'STEP      NODE  FREE  RESERVED  WHAT',
        'start      all    10         0  10 available',
        'start        0     6         -  -',
        'start        1     4         -  -',
        'mapped     all    10         8  reserved 8 of 10 available',
        'mapped       0     6         -  -',
        'mapped       1     4         -  -',
        'touched    all     2         0  8 pages faulted in: 6 on node 0, 2 on node 1',
        'touched      0     0         -  -',
        'touched      1     2         -  -',
        `unmapped   all    10         0  ${came}`,
        'unmapped     0     6         -  -',
        'unmapped     1     4         -  -',
      ),
      stderr: lines(
        'hugepool: note: touched 8 pages (16M) in 0.5 s by 2 threads: 16 pages/s, 32M/s',
      ),
    },
  )
  t.hasStrict(document, {
    outcome: 'done',
    pageSize: 2n * M,
    pages: 8n,
    via: 'anon',
    sharing: 'private',
    placement: [
      { node: 0, pages: 6n },
      { node: 1, pages: 2n },
    ],
    touch: { pages: 8n, seconds: 0.5, threads: 2n, pagesPerSecond: 16n, bytesPerSecond: 32n * M },
  })
  t.strictSame(
    document.steps.map(({ step, pages, change }) => [step, pages, change?.free, change?.reserved]),
    [
      ['start', 0n, undefined, undefined],
      ['map', 0n, 0n, 8n],
      ['touch', 8n, -8n, -8n],
      ['unmap', 8n, 8n, 0n],
    ],
  )
})

t.test('counters after every page up to 64, after each sixteenth beyond', async (t) => {
  const few = await testOnFake('2M=4 --steps --touch 3')
  t.strictSame(few.said.slice(2), [
    '1 page faulted in on node 0; 1 of 3',
    '1 page faulted in on node 0; 2 of 3',
    '1 page faulted in on node 0',
    came,
  ])
  t.strictSame(
    few.document.steps.map(({ reserved }) => reserved),
    [0n, 4n, 3n, 2n, 1n, 0n],
  )
  const many = await testOnFake('2M=160 --steps', () => undefined, {
    pools: [{ size: 2n * M, persistent: { 0: 200n } }],
  })
  const touched = many.document.steps.filter(({ step }) => step === 'touch')
  t.strictSame(
    touched.map(({ pages }) => pages),
    Array.from({ length: 16 }, (_, index) => BigInt(index + 1) * 10n),
  )
})

t.test('nothing is touched', async (t) => {
  const { status, said, document } = await testOnFake('2M=4 --touch 0')
  t.equal(status, 0)
  t.strictSame(said, ['10 available', 'reserved 4 of 10 available', came])
  t.equal(document.touch, undefined)
})

t.test('without a reservation', async (t) => {
  const { said, mapper } = await testOnFake('2M=3 --noreserve')
  t.equal(said[1], 'nothing reserved: a NORESERVE mapping is promised no page')
  t.equal(said[2], '3 pages faulted in on node 0')
  t.match(mapper.requests, [{ noreserve: true, shared: false, populate: false }])
})

t.test('populated by mmap', async (t) => {
  const { said, stderr, document } = await testOnFake('2M=3 --populate --shared')
  t.equal(document.touch?.populated, 3n)
  t.strictSame(said.slice(1, 3), [
    '3 pages faulted in by mmap',
    '3 pages touched on node 0, none of them faulted in now',
  ])
  t.match(stderr, 'by one thread')
})

t.test('pages made by overcommit are told', async (t) => {
  const { said } = await testOnFake('2M=12', () => undefined, {
    ...twoNodes,
    pools: [{ size: 2n * M, persistent: { 0: 6n, 1: 4n }, overcommit: 3n }],
  })
  t.strictSame(said, [
    '10 available, and overcommit allows 3 more',
    'reserved 12: 10 available, 2 surplus pages made for it',
    '12 pages faulted in: 8 on node 0, 4 on node 1',
    came,
  ])
  const late = await testOnFake('2M=12 --noreserve', () => undefined, {
    ...twoNodes,
    pools: [{ size: 2n * M, persistent: { 0: 6n, 1: 4n }, overcommit: 3n }],
  })
  t.equal(late.said[2], '12 pages faulted in: 8 on node 0, 4 on node 1; 2 of them are surplus')
})

t.test('a memfd and a segment', async (t) => {
  const memfd = await testOnFake('2M=4 --via memfd --touch 3')
  t.strictSame(memfd.said, [
    '10 available',
    'a memfd',
    'reserved 4 of 10 available',
    '3 pages faulted in on node 0',
    '3 pages and 1 reservation stay with the memfd',
    came,
  ])
  t.hasStrict(memfd.document, { via: 'memfd', sharing: 'shared' })
  const segment = await testOnFake('2M=4 --via shm')
  t.strictSame(segment.said.slice(1, 2), ['reserved 4 of 10 available'])
  t.hasStrict(segment.document, { via: 'shm', sharing: 'shared' })
})

const mountLine = (target: string, options: string): string =>
  `60 29 0:50 / ${target} rw,relatime - hugetlbfs none rw,${options}\n`

t.test('a file on the right mount', async (t) => {
  const { said, status } = await testOnFake('1G=1 --via file', (kernel, mapper) => {
    kernel.extra.set(
      '/proc/self/mountinfo',
      mountLine('/mnt/small', 'pagesize=2M') + mountLine('/mnt/large', 'pagesize=1024M'),
    )
    mapper.otherPageSize = G
    return undefined
  })
  t.equal(status, 0)
  t.strictSame(said.slice(1), [
    'an unnamed file on /mnt/large',
    'reserved 1 of 2 available',
    '1 page faulted in on node 0',
    '1 page stays with the file',
    came,
  ])
})

t.test('placed on nodes: a mapping for each, bound before it is made', async (t) => {
  const { mapper, document, said } = await testOnFake('1G=0:1,1:1')
  t.strictSame(
    mapper.requests.map(({ policy, bytes }) => ({ policy, bytes })),
    [
      { policy: { mode: 2, nodes: [0] }, bytes: Number(G) },
      { policy: { mode: 2, nodes: [1] }, bytes: Number(G) },
    ],
  )
  t.strictSame(document.placement, [
    { node: 0, pages: 1n },
    { node: 1, pages: 1n },
  ])
  t.equal(said[2], '2 pages faulted in: 1 on node 0, 1 on node 1')
  const each = await testOnFake('2M=3 --node all')
  t.equal(each.said[2], '6 pages faulted in: 3 on node 0, 3 on node 1')
  const policed = await testOnFake('2M=3 --mempolicy bind:1')
  t.equal(policed.said[2], '3 pages faulted in on node 1')
})

t.test('counts', async (t) => {
  t.equal((await testOnFake('2M=8M')).document.pages, 4n)
  t.equal((await testOnFake('2M=max')).document.pages, 10n)
  t.equal((await testOnFake('2M=1:max')).document.pages, 4n)
  const quarter = await testOnFake('default=25%', () => undefined, {
    nodes: [{ id: 0, memory: 64n * M }],
    pools: [{ size: 2n * M, persistent: { 0: 9n } }],
  })
  t.equal(quarter.document.pages, 8n)
})

t.test('frames, their nodes and contiguous runs', async (t) => {
  const { stdout, stderr, document } = await testOnFake('2M=4 --frames --touch 3', (_, mapper) => {
    mapper.frameNumbers.push(0x200n, 0x400n, 0x1000n)
    return undefined
  })
  t.match(stdout, lines('', 'PAGE  ADDRESS         FRAME   NODE  RUN'))
  t.match(stdout, lines('   0  0x7f0000000000  0x200      0    1'))
  t.match(stdout, lines('   2  0x7f0000400000  0x1000     0    2'))
  t.match(stderr, 'hugepool: note: 2M: 2 physically contiguous runs of 2, 1 pages\n')
  t.hasStrict(document, {
    frames: [
      { page: 0n, address: '0x7f0000000000', pfn: 0x200n, node: 0 },
      { page: 1n, address: '0x7f0000200000', pfn: 0x400n, node: 0 },
      { page: 2n, address: '0x7f0000400000', pfn: 0x1000n, node: 0 },
    ],
    runs: 2n,
    contiguousRuns: [
      { page: 0n, pages: 2n },
      { page: 2n, pages: 1n },
    ],
  })
  const hidden = await testOnFake('2M=2 --frames')
  t.match(
    hidden.stderr,
    'the kernel shows frame numbers to CAP_SYS_ADMIN outside of any user namespace only, so runs cannot be told',
  )
  t.equal(hidden.document.runs, undefined)
  t.strictSame(
    hidden.document.frames?.map(({ pfn, node }) => [pfn, node]),
    [
      [undefined, 0],
      [undefined, 0],
    ],
    'the placement remains',
  )
})

t.test('frames of pages that other threads touched beyond the one that failed', async (t) => {
  const { status, stderr, document } = await testOnFake('2M=8 --frames', (_, mapper) => {
    mapper.frameNumbers.push(0x200n, 0x400n, undefined, 0x800n, 0xa00n, 0xc00n)
    mapper.failing = { page: 2, errno: 'EFAULT' }
    mapper.reaching = 6
    return undefined
  })
  t.equal(status, 64)
  t.match(stderr, 'touched 5 of 8; SIGBUS at page 2')
  t.strictSame(
    document.frames?.map(({ page }) => page),
    [0n, 1n, 3n, 4n, 5n],
  )
  t.strictSame(document.placement, [{ node: 0, pages: 5n }])
})

t.test('a pattern is written and read back', async (t) => {
  const { stderr, document } = await testOnFake('2M=3 --verify --touch 2')
  t.match(stderr, 'hugepool: note: 2 pages read back as written\n')
  t.equal(document.verified, 2n)
  const broken = await testOnFake('2M=3 --verify', (_, mapper) => {
    mapper.differing = 1
    return undefined
  })
  t.equal(broken.status, 64)
  const { outcome, verified, failure, advice } = broken.document
  t.strictSame(
    { outcome, verified, failure, advice },
    {
      outcome: 'partial',
      verified: 1n,
      failure: {
        page: 1n,
        errno: 'EIO',
        reason: 'damaged',
        why: 'what was read back differs from what was written, from byte 8 of the page on',
      },
      advice: ['somebody else writes there, or the memory is broken'],
    },
  )
})

t.test('for the memory of a device nothing is reserved', async (t) => {
  const { said } = await testOnFake(
    '2M=2 --path /dev/buffer --noreserve --touch 0',
    (_, mapper) => {
      mapper.existing.set('/dev/buffer', { bytes: 0n })
      return undefined
    },
  )
  t.strictSame(said, [
    '10 available',
    'the device /dev/buffer',
    'nothing reserved: the memory is that of the device',
    came,
  ])
})
