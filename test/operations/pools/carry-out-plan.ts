import t from 'tap'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { onFake, writesOf } from '../../helpers/on-fake.ts'
import { G } from '../../helpers/sizes.ts'

t.test('no time is waited between steps', async (t) => {
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: 8n * G }] })
  const clock = fakeClock()
  const { status } = await onFake(kernel, 'resize 1G=1 2M=100', { clock })
  t.strictSame(
    [status, clock.clock(), writesOf(kernel)],
    [0, 0, ['1048576kB nr_hugepages=1', '2048kB nr_hugepages=100']],
  )
})
