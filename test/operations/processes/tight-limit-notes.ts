import t from 'tap'
import { readPools } from '../../../src/kernel/pools/pools.ts'
import { tightLimitNotes } from '../../../src/operations/processes/tight-limit-notes.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('each size has the limits of its own', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 16n * G }],
    pools: [
      { size: 2n * M, persistent: { 0: 4n } },
      { size: G, persistent: { 0: 2n } },
    ],
  })
  const group = '/sys/fs/cgroup/db'
  kernel.extra.set('/proc/self/cgroup', '0::/db\n')
  for (const [name, bytes] of Object.entries({ '2MB': 2n * M, '1GB': G })) {
    kernel.extra.set(`${group}/hugetlb.${name}.max`, `${bytes}\n`)
    kernel.extra.set(`${group}/hugetlb.${name}.current`, '0\n')
  }
  const { pools } = readPools(kernel, false)
  t.strictSame(tightLimitNotes(kernel, pools), [
    '2M: the cgroup /db allows 2M (hugetlb.2MB.max) and has 0: 1 more page can be had here, of 4 available',
    '1G: the cgroup /db allows 1G (hugetlb.1GB.max) and has 0: 1 more page can be had here, of 2 available',
  ])
  const unread = pools.map(({ free: _, ...pool }) => pool)
  t.strictSame(tightLimitNotes(kernel, unread), [])
})

t.test('what cannot be read is said, and is no reason to show no pools', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: G }],
    pools: [{ size: 2n * M, persistent: { 0: 4n } }],
  })
  const file = '/sys/fs/cgroup/db/hugetlb.2MB.max'
  kernel.extra.set('/proc/self/cgroup', '0::/db\n')
  kernel.extra.set(file, 'max\n')
  kernel.failRead(file, 'EIO', 'always')
  t.strictSame(tightLimitNotes(kernel, readPools(kernel, false).pools), [
    `limits of cgroups cannot be told: ${file}: input/output error (EIO)`,
  ])
})
