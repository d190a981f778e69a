import t from 'tap'
import { G, M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

const minimum =
  '60 29 0:50 / /mnt/huge rw,relatime - hugetlbfs none rw,pagesize=2M,min_size=4194304\n'
const refusal = { errno: 'ENOMEM', syscall: 'mmap' } as const

t.test('what the min_size of a mount holds counts as available to its files', async (t) => {
  const { stderr } = await testOnFake('2M=14 --via file', (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', minimum)
    mapper.refusal = refusal
    return undefined
  })
  t.match(stderr, '10 available and up to 2 held by the min_size of /mnt/huge: at least 2 missing')
  const used = await testOnFake('2M=12 --via file', (kernel, mapper) => {
    kernel.extra.set('/proc/self/mountinfo', minimum)
    mapper.refusal = refusal
    return undefined
  })
  t.match(used.stderr, '10 available, and files there use part of the 2 held by the min_size of')
  t.match(used.stderr, "hint: 'hugepool resize 2M=+2' makes room")
})

t.test(
  'pages that are in a file are not missing, and the mount is named by its target',
  async (t) => {
    const file = (line: string, free?: bigint) =>
      testOnFake(`${line} --path /mnt/huge/q/f`, (kernel, mapper) => {
        kernel.extra.set('/proc/self/mountinfo', minimum.replace(',min_size=4194304', ''))
        mapper.existing.set('/mnt/huge/q/f', { pageSize: 2n * M, bytes: 64n * M })
        mapper.heldInFiles = 4n * M
        mapper.freeOnMount = free
        mapper.refusal = refusal
        return undefined
      })
    t.match((await file('2M=13')).stderr, '10 available: 1 missing')
    t.match((await file('2M=13 --private')).stderr, '10 available: 3 missing')
    t.match((await file('2M=4', 0n)).stderr, 'the mount /mnt/huge is full: its size limit leaves 0')
  },
)

t.test('overcommit of gigantic pages depends on the kernel', async (t) => {
  for (const [release, takes] of [
    ['5.10.0', false],
    ['6.18.9-amd64', false],
    ['6.19.0-rc1', true],
    ['7.0.0', true],
  ] as const)
    for (const line of ['1G=3', '1G=3 --noreserve']) {
      const gigantic = await testOnFake(line, undefined, { ...twoNodes, release })
      t.strictSame(
        gigantic.document.advice,
        [
          "'hugepool resize 1G=+1' makes room",
          ...(takes ? ["'hugepool overcommit 1G=1' lets the kernel make what is missing"] : []),
        ],
        `${release} ${line}`,
      )
    }
  const small = await testOnFake('2M=12', undefined, { ...twoNodes, release: '5.10.0' })
  t.match(small.stderr, "'hugepool overcommit 2M=2' lets the kernel make what is missing\n")
})

t.test('without advice there is no hint', async (t) => {
  const { stderr, document } = await testOnFake('2M=4 --via memfd', (_, mapper) => {
    mapper.truncatedTo = 4n * M
    return undefined
  })
  t.notMatch(stderr, 'hint:')
  t.equal(document.error?.hint, undefined)
})

const withEmptyNode = {
  ...twoNodes,
  nodes: [
    { id: 0, memory: 8n * G },
    { id: 1, memory: 8n * G },
    { id: 2, memory: 0n },
  ],
  memsAllowed: [0, 1],
}

t.test('a node without memory does not make a cpuset of the others confine anything', async (t) => {
  const advice = [
    "'hugepool resize 2M=+2' makes room",
    "'hugepool overcommit 2M=2' lets the kernel make what is missing",
  ]
  const reserving = await testOnFake('2M=12', undefined, withEmptyNode)
  t.strictSame(reserving.document.advice, advice)
  const touching = await testOnFake('2M=12 --noreserve', undefined, withEmptyNode)
  t.strictSame(touching.document.advice, advice)
})

t.test('a policy that the process has already binds as one that is asked for', async (t) => {
  const under = (line: string) =>
    testOnFake(line, (kernel, mapper) => {
      kernel.extra.set('/proc/self/numa_maps', '7fff bind:1 stack anon=1\n')
      mapper.refusal = refusal
      return undefined
    })
  t.strictSame((await under('2M=5')).document.failure, {
    errno: 'ENOMEM',
    reason: 'short',
    why: '4 free on node 1, to which the mapping is bound: 1 missing',
  })
  t.equal((await under('2M=max')).document.pages, 4n, 'as many as it lets the mapping have')
  t.equal((await under('2M=0:max')).document.pages, 6n)
  t.equal((await under('2M=max --node 0')).document.pages, 6n)
  t.match((await under('2M=0:7')).stderr, '6 free on node 0, to which the mapping is bound')
})
