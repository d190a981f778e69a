import t from 'tap'
import { vmemmapSavings } from '../../../src/model/pools/vmemmap-savings.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('28 KiB of each page of 2M, all but one of 4096 base pages of 1G', async (t) => {
  t.equal(vmemmapSavings({ size: 2n * M, total: 3n }, 4096n), 3n * 28n * 1024n)
  t.equal(vmemmapSavings({ size: G, total: 1n }, 4096n), 4095n * 4096n)
  t.equal(vmemmapSavings({ size: 65536n, total: 5n }, 4096n), 0n)
})
