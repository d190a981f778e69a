import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { onFake, totals } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Node 1 can give 68 pages above its margin, as its free memory tells, but has fewer whole ones. */
const threeNodes = (fragmentedBytes: bigint) =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 200n * M, fragmentedBytes },
      { id: 2, memory: 4n * G },
    ],
  })

t.test('what a node does not give although it could, others give', async (t) => {
  const whole = threeNodes(0n)
  t.equal((await onFake(whole, 'resize 2M=300')).status, 0)
  t.strictSame(totals(whole), [116, 68], 'and 116 from the third')
  const broken = threeNodes(190n * M)
  const { status, stderr } = await onFake(broken, 'resize 2M=300')
  t.equal(status, 0)
  t.match(stderr, /^hugepool: note: 2M: not an equal part of each node/)
  t.strictSame(totals(broken), [179, 5], 'and 116 from the third')
})

t.test('what no node gives is short', async (t) => {
  const kernel = threeNodes(190n * M)
  kernel.limitGrowth(2n * M, 0n)
  const { status, stdout } = await onFake(kernel, 'resize 2M=300 -nr')
  t.equal(status, 64)
  t.match(stdout, /^2M all 0 300 0 300 partial\n/)
})
