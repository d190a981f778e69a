import t from 'tap'
import {
  bytesPerSecond,
  pagesPerSecond,
  speedWords,
} from '../../../src/model/mapping/touch-speed.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'
import { testOnFake } from '../../helpers/test-on-fake.ts'

t.test('slow pages have a rate as well', async (t) => {
  const touching = { pages: 2n, seconds: 2.7, threads: 1 }
  t.equal(pagesPerSecond(touching), 0.74)
  t.match(speedWords(touching, G), 'touched 2 pages (2G) in 2.70 s by one thread: 0.74 pages/s')
})

t.test('what MAP_POPULATE took is that of all pages', async (t) => {
  const touching = { pages: 2n, seconds: 2, threads: 1, populated: 64n }
  t.equal(pagesPerSecond(touching), 32n)
  t.equal(bytesPerSecond(touching, 2n * M), 64n * M)
  const { stderr, document } = await testOnFake('2M=8 --populate --touch 2')
  t.match(stderr, 'hugepool: note: populated 8 pages (16M)')
  t.equal(document.touch?.pages, 2n)
})

t.test('what was not populated is not counted', async (t) => {
  for (const populates of [true, false]) {
    const { stderr, said, status } = await testOnFake(
      '2M=12 --populate --noreserve --threads 3',
      (_, mapper) => {
        mapper.populates = populates
        return undefined
      },
    )
    t.equal(status, 64)
    t.equal(said[1], '10 pages faulted in by mmap')
    t.match(stderr, /^hugepool: note: populated 10 pages \(20M\) in \d\.\d+ s by one thread: /)
    t.match(stderr, 'touched 10 of 12; SIGBUS at page 10, counted from 0: the pool is exhausted')
  }
})

t.test('other processes populate nothing', async (t) => {
  const { stderr } = await testOnFake('2M=6 --via memfd --processes 3 --populate')
  t.match(stderr, /^hugepool: note: populated 6 pages \(12M\) in \S+ s by one thread: /m)
})

t.test('a thread without a page is not counted', async (t) => {
  for (const [line, threads, words] of [
    ['2M=1 --threads 4', 1n, 'by one thread: '],
    ['2M=3 --threads 8', 3n, 'by 3 threads: '],
    ['2M=8 --threads 3', 3n, 'by 3 threads: '],
    ['2M=8 --threads 3 --steps', 1n, 'by one thread: '],
    ['2M=6 --threads 3 --processes 3 --via memfd', 2n, 'by 3 processes in turn, 2 threads each: '],
  ] as const) {
    const { stderr, document } = await testOnFake(line)
    t.equal(document.touch?.threads, threads, line)
    t.match(stderr, words)
  }
})

t.test('a device has places and no rate', async (t) => {
  const { stderr, said, document } = await testOnFake('2M=2 --path /dev/buffer', (_, mapper) => {
    mapper.existing.set('/dev/buffer', { bytes: 0n })
    return undefined
  })
  t.match(stderr, 'hugepool: note: touched the device at 2 places, one in each 2M\n')
  // This one has no memory of its own.
  t.ok(said.includes('touched at 2 places: 2 pages faulted in from the pool'))
  t.equal(document.touch?.pagesPerSecond, undefined)
})

t.test('a page that fails when it is read back was touched all the same', async (t) => {
  const { stderr } = await testOnFake('2M=4 --verify', (_, mapper) => {
    mapper.differing = 1
    return undefined
  })
  t.match(stderr, 'touched 4 of 4, but page 1, counted from 0, could not be used then (EIO)')
})

t.test('one page is in the singular, and the limit of a duration is told', async (t) => {
  const stderr = async (line: string) =>
    (await onFake(fakeKernel(), line, { mapper: fakeMapper(fakeKernel()) })).stderr
  t.match(await stderr('test 2M=1 --touch 2'), 'only 1 page is mapped')
  t.match(await stderr('test 2M=1 --hold 99999999999h'), 'at most nine digits')
})
