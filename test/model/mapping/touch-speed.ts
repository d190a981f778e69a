import t from 'tap'
import {
  bytesPerSecond,
  pagesPerSecond,
  speedWords,
} from '../../../src/model/mapping/touch-speed.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

const touching = (pages: bigint, seconds: number, threads = 1) => ({ pages, seconds, threads })

t.test('pages a second, with hundredths where they are few', async (t) => {
  for (const [pages, seconds, rate] of [
    [16n, 0.012, 1333n],
    [2n, 2.7, 0.74],
    [1n, 300, 0],
    [19n, 2, 9.5],
    [999n, 100, 9.99],
    [10n, 1, 10n],
    [109n, 10, 10n],
    [0n, 1, 0],
  ] as const)
    t.equal(pagesPerSecond(touching(pages, seconds)), rate, `${pages} in ${seconds} s`)
})

t.test('what takes no time has no endless rate', async (t) => {
  t.equal(pagesPerSecond(touching(3n, 0)), 3_000_000n)
  t.equal(pagesPerSecond(touching(3n, 1e-9)), 3_000_000n)
  t.equal(bytesPerSecond(touching(1n, 0), 2n * M), 2_000_000n * M)
})

t.test('bytes a second', async (t) => {
  t.equal(bytesPerSecond(touching(16n, 0.5), 2n * M), 64n * M)
  t.equal(bytesPerSecond(touching(1n, 4), G), 256n * M)
  t.equal(bytesPerSecond({ ...touching(2n, 2), populated: 64n }, 2n * M), 64n * M)
  const exact = 2n ** 52n
  t.equal(bytesPerSecond(touching(exact, 1), 2n * M), exact * 2n * M, 'all digits')
})

t.test('in words', async (t) => {
  for (const [how, size, words] of [
    [
      touching(16n, 0.0125, 2),
      2n * M,
      'touched 16 pages (32M) in 0.0125 s by 2 threads: 1280 pages/s, 2.5G/s',
    ],
    [
      touching(1n, 20_000),
      2n * M,
      'touched 1 page (2M) in 20000.00 s by one thread: 0 pages/s, 104/s',
    ],
    [
      touching(1n, 2.001),
      201n * M,
      'touched 1 page (201M) in 2.00 s by one thread: 0.49 pages/s, 100M/s',
    ],
    [
      touching(1n, 2.001),
      200n * M,
      'touched 1 page (200M) in 2.00 s by one thread: 0.49 pages/s, 99.9M/s',
    ],
    [touching(1n, 1.5), G, 'touched 1 page (1G) in 1.50 s by one thread: 0.66 pages/s, 682M/s'],
    [
      touching(4n, 0.000583),
      2n * M,
      'touched 4 pages (8M) in 0.000583 s by one thread: 6861 pages/s, 13.4G/s',
    ],
    [
      touching(1n, 0),
      2n * M,
      'touched 1 page (2M) in 0.000001 s by one thread: 1000000 pages/s, 1.9T/s',
    ],
    [
      { ...touching(6n, 0.5, 2), processes: 3 },
      2n * M,
      'touched 6 pages (12M) in 0.5 s by 3 processes in turn, 2 threads each: 12 pages/s, 24M/s',
    ],
    [
      { ...touching(2n, 0.25), processes: 2 },
      2n * M,
      'touched 2 pages (4M) in 0.25 s by 2 processes in turn, one thread each: 8 pages/s, 16M/s',
    ],
    [
      { ...touching(2n, 1), populated: 8n },
      2n * M,
      'populated 8 pages (16M) in 1.00 s by one thread: 8 pages/s, 16M/s',
    ],
    [
      { ...touching(2n, 1, 4), isDevice: true as const },
      2n * M,
      'touched the device at 2 places, one in each 2M',
    ],
    [
      { ...touching(1n, 1), isDevice: true as const },
      G,
      'touched the device at 1 place, one in each 1G',
    ],
  ] as const)
    t.equal(speedWords(how, size), words)
})

t.test('property: the rates belong together, and to the pages and the time', async () => {
  const amounts = fc.record({
    pages: fc.bigInt({ min: 1n, max: 2n ** 40n }),
    microseconds: fc.integer({ min: 1, max: 2 ** 40 }),
    size: fc.constantFrom(64n * 1024n, 2n * M, G),
  })
  fc.assert(
    fc.property(amounts, ({ pages, microseconds, size }) => {
      const how = touching(pages, microseconds / 1e6)
      const exact = pages * size * 1_000_000n
      const bytes = bytesPerSecond(how, size)
      const inTime = bytes * BigInt(microseconds)
      const rate = pagesPerSecond(how)
      const hundredths = BigInt(Math.round(Number(rate) * 100))
      const few = typeof rate === 'number' ? hundredths === (bytes * 100n) / size : true
      const many = typeof rate === 'bigint' ? rate === bytes / size : true
      return inTime <= exact && exact < inTime + BigInt(microseconds) && few && many
    }),
  )
})
