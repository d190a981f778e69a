import t from 'tap'
import {
  architectureSizes,
  basePagesOf,
  hpageSizeOf,
} from '../../../src/model/words/architecture-sizes.ts'
import { formatBytes } from '../../../src/model/words/bytes.ts'

t.test('every kind of kernel with its sizes, the default first', async (t) => {
  t.strictSame(
    architectureSizes.map(({ architecture, basePage, mmu, sizes }) =>
      [architecture, formatBytes(basePage), mmu ?? '-', ...sizes.map(formatBytes)].join(' '),
    ),
    [
      'x86_64 4K - 2M 1G',
      'aarch64 4K - 2M 64K 32M 1G',
      'aarch64 16K - 32M 2M 1G',
      'aarch64 64K - 512M 2M 16G',
      's390x 4K - 1M 2G',
      'riscv64 4K - 2M 64K 1G',
      'ppc64le 64K radix 2M 1G',
      'ppc64le 64K hash 16M 16G',
      'loongarch64 4K - 2M',
      'loongarch64 16K - 32M',
      'loongarch64 64K - 512M',
      'sparc64 8K - 8M 64K 256M 2G 16G',
    ],
  )
})

t.test('the base pages of an architecture', async (t) => {
  t.strictSame(basePagesOf('aarch64').map(formatBytes), ['4K', '16K', '64K'])
  t.strictSame(basePagesOf('ppc64le').map(formatBytes), ['64K'])
  t.strictSame(basePagesOf('m68k'), [])
})

t.test('the usual size of kernels with these sizes, in any order', async (t) => {
  for (const { sizes } of architectureSizes) t.equal(hpageSizeOf([...sizes].reverse()), sizes[0])
  t.equal(hpageSizeOf([]), undefined)
  t.equal(hpageSizeOf([2n ** 20n]), undefined, 'one of two')
})
