import t from 'tap'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { raisedTo } from '../../helpers/fault-facts.ts'
import { M } from '../../helpers/sizes.ts'
import { testOnFake, twoNodes } from '../../helpers/test-on-fake.ts'

/** A cgroup that has nothing yet and allows so many pages of 2M to be faulted in. */
const inGroup = (kernel: FakeKernel, pages: bigint): void => {
  kernel.extra.set('/proc/self/cgroup', '0::/jobs\n')
  kernel.extra.set('/sys/fs/cgroup/jobs/hugetlb.2MB.max', `${pages * 2n * M}\n`)
  kernel.extra.set('/sys/fs/cgroup/jobs/hugetlb.2MB.current', '0\n')
}

const dies = 'hugepool: note: 2M: a program that touches all of it dies of SIGBUS: '
const group = (max: string, what = 'too little to touch them') =>
  `the cgroup /jobs allows ${max} (hugetlb.2MB.max) and has 0: ${what}`
const raised = (pages: bigint) => raisedTo(pages * 2n * M)

t.test('a mapping that is made in a cgroup that allows less is warned of', async (t) => {
  for (const [line, pages, words, more] of [
    ['2M=4 --touch 0', 2n, group('4M'), 4n],
    ['2M=4 --touch 1', 2n, group('4M'), 3n],
    ['2M=0:2,1:2 --touch 1', 2n, group('4M'), 3n],
    ['2M=0:2,1:2 --touch 3', 0n, group('0'), 1n],
    ['2M=4 --touch 0', 4n, '', 0n],
    ['2M=4 --touch 2', 2n, '', 0n],
    ['2M=0:2,1:2 --touch 2', 2n, '', 0n],
    ['2M=4', 0n, '', 0n],
    ['2M=4 --touch 0 --path /dev/buffer', 0n, '', 0n],
    ['2M=4 --touch 0 --path /mnt/huge/file', 3n, '', 0n],
    ['2M=4 --touch 0 --path /mnt/huge/file', 2n, group('4M'), 3n],
    ['2M=4 --touch 0 --path /mnt/huge/file --private', 3n, group('6M'), 4n],
  ] as const) {
    const { status, stderr, document } = await testOnFake(line, (kernel, mapper) => {
      mapper.existing.set('/dev/buffer', { bytes: 0n })
      mapper.existing.set('/mnt/huge/file', { pageSize: 2n * M, bytes: 8n * M })
      mapper.heldInFiles = 2n * M
      inGroup(kernel, pages)
      return undefined
    })
    t.equal(status, 0, `${line}, ${pages}`)
    t.equal(document.outcome, 'done')
    if (words === '') t.notMatch(stderr, 'SIGBUS', `${line}, ${pages}`)
    else {
      t.match(stderr, `${dies}${words}\n`, `${line}, ${pages}`)
      t.match(stderr, `\nhint: ${raised(more)}\n`)
      t.ok(document.notes?.includes(`${dies.replace('hugepool: note: ', '')}${words}`))
      t.strictSame(document.advice, [raised(more)])
    }
  }
})

t.test('without a reservation the pool and the mount count as well', async (t) => {
  const { status, stderr } = await testOnFake('2M=12 --noreserve --touch 0', (kernel) => {
    inGroup(kernel, 4n)
    return undefined
  })
  t.equal(status, 0)
  t.match(
    stderr,
    `${dies}${group('8M')}; besides, 10 available: 2 missing, and overcommit allows none\n`,
  )
  t.match(stderr, "hint: 'hugepool resize 2M=+2' makes room\n")
})

t.test('too small a pool and too small a cgroup are named together', async (t) => {
  const { status, stderr } = await testOnFake('2M=12', (kernel) => {
    inGroup(kernel, 4n)
    return undefined
  })
  t.equal(status, 1)
  t.equal(
    stderr,
    'hugepool: 2M: 12 pages cannot be mapped (ENOMEM): 10 available: 2 missing, and overcommit' +
      ` allows none; besides, ${group('8M')}\n` +
      "hint: 'hugepool resize 2M=+2' makes room\n" +
      "hint: 'hugepool overcommit 2M=2' lets the kernel make what is missing\n" +
      `hint: ${raised(12n)}\n`,
  )
})

t.test('of mappings on each node those that fail are named, by their nodes', async (t) => {
  const options = { ...twoNodes, pools: [{ size: 2n * M, persistent: { 0: 0n, 1: 1n } }] }
  const both = await testOnFake('2M=2 --node all', undefined, {
    ...options,
    pools: [{ size: 2n * M, persistent: { 0: 4n, 1: 1n } }],
  })
  t.equal(both.status, 1)
  t.equal(
    both.stderr,
    'hugepool: 2M: 2 pages of 4, those on node 1, cannot be mapped (ENOMEM): 1 free on node 1,' +
      " to which the mapping is bound: 1 missing\nhint: 'hugepool resize 2M=1:+1' makes room there\n",
  )
  t.strictSame(both.document.failure?.node, 1)
  const none = await testOnFake('2M=2 --node all', undefined, options)
  t.match(none.stderr, "hint: 'hugepool resize 2M=0:+2' makes room there\n")
  t.match(none.stderr, "hint: 'hugepool resize 2M=1:+1' makes room there\n")
  t.equal(none.document.failure?.node, 0)
  const touched = await testOnFake('2M=2 --node all --noreserve', undefined, options)
  t.match(touched.stderr, 'besides, 1 free on node 1, to which the mapping is bound: 1 missing\n')
  t.strictSame(touched.document.advice, [
    "'hugepool resize 2M=0:+2' makes room there",
    "'hugepool resize 2M=1:+1' makes room there",
  ])
})
