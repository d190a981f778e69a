import t from 'tap'
import { formatSize, parseSize } from '../../../src/model/words/page-size.ts'
import * as fc from '../../helpers/property.ts'

const K = 1024n

t.test('every way to write a page size', async (t) => {
  for (const text of [
    '2M',
    '2MB',
    '2MiB',
    '2Mi',
    '2048k',
    '2048kB',
    '2048KiB',
    '2097152',
    '2097152B',
  ])
    t.equal(parseSize(text), 2097152n, text)
  t.equal(parseSize('hugepages-2048kB'), 2097152n, 'as the kernel names its directory')
  for (const text of ['default', 'DEFAULT', 'Default']) t.equal(parseSize(text), 'default', text)
})

t.test('what is no page size is an error of usage that says what is one', async (t) => {
  const listed = ['0', '-2M', '2X', '', '2M2']
  for (const text of [
    ...listed,
    '0K',
    'defaults',
    'all',
    '2M ',
    '+2M',
    '1.5G',
    '0x200000',
    '02M',
    'hugepages-2M',
  ])
    t.throws(() => parseSize(text), {
      code: 'E_USAGE',
      message: `'${text}' is not a page size`,
      hint: 'a page size is written as 2M, 1G, 2048kB, 2097152 or default',
    })
})

t.test(
  'the sizes of every architecture are written as the command line of the kernel has them',
  async (t) => {
    const sizes = '16K 64K 512K 1M 2M 8M 16M 32M 256M 512M 1G 2G 16G'.split(' ')
    for (const text of sizes) t.equal(formatSize(parseSize(text) as bigint), text)
    t.equal(formatSize(1048576n * K), '1G', 'as the kernel names its directory')
  },
)

t.test('a page size is read back as it was written', async () => {
  const size = fc.integer({ min: 10, max: 62 }).map((bits) => 2n ** BigInt(bits))
  fc.assert(fc.property(size, (bytes) => parseSize(formatSize(bytes)) === bytes))
})
