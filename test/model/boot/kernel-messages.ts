import t from 'tap'
import { kernelMessages } from '../../../src/model/boot/kernel-messages.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('sizes have three digits', async (t) => {
  for (const [size, text] of [
    [65536n, '64.0 KiB'],
    [2n * M, '2.00 MiB'],
    [32n * M, '32.0 MiB'],
    [512n * M, '512 MiB'],
    [G, '1.00 GiB'],
    [16n * G, '16.0 GiB'],
  ] as const)
    t.equal(
      kernelMessages.ignored(7n, size),
      `HugeTLB: Ignoring hugepages=7 associated with ${text} page size`,
    )
  t.equal(kernelMessages.using(3n), 'HugeTLB: Using hugepages=3 for number of default huge pages')
})
