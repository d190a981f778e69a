import t from 'tap'
import { vmemmapSavings, worthwhileSavings } from '../../../src/model/pools/vmemmap-savings.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('28 KiB of each page of 2M, all but one of 4096 base pages of 1G', async (t) => {
  t.equal(vmemmapSavings({ size: 2n * M, total: 3n }, 4096n), 3n * 28n * 1024n)
  t.equal(vmemmapSavings({ size: G, total: 1n }, 4096n), 4095n * 4096n)
  t.equal(vmemmapSavings({ size: 65536n, total: 5n }, 4096n), 0n)
})

t.test('less than 16 MiB of all pools together is nothing', async (t) => {
  const saved = (gigantic: bigint, usual: bigint) =>
    worthwhileSavings(
      [
        { size: G, total: gigantic },
        { size: 2n * M, total: usual },
      ],
      4096n,
    )
  t.strictSame([saved(0n, 585n), saved(1n, 0n)], [undefined, undefined])
  t.equal(saved(0n, 586n), 586n * 28n * 1024n)
  t.equal(saved(1n, 1n), 16n * M + 24n * 1024n)
})
