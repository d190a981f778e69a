import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basePageSize, frameOf, readFrames } from '../../../src/kernel/mapping/pagemap.ts'

const present = 1n << 63n
const fileMapped = 1n << 61n
const exclusive = 1n << 56n
const softDirty = 1n << 55n

const words = (...values: readonly bigint[]) => new BigUint64Array(values)

t.test('the frame is in the lowest 55 bits', async (t) => {
  t.equal(frameOf(present | 0x123456n), 0x123456)
  t.equal(frameOf(present | fileMapped | exclusive | softDirty | 7n), 7, 'flags are none of it')
  t.equal(frameOf(present | ((1n << 53n) - 1n)), Number.MAX_SAFE_INTEGER)
})

t.test('a frame is absent where no page is, or where the kernel does not tell it', async (t) => {
  t.equal(frameOf(0n), undefined)
  t.equal(frameOf(softDirty), undefined)
  t.equal(frameOf((1n << 62n) | 0x1234n), undefined, 'swapped out: type and offset of the swap')
  t.equal(frameOf(present | exclusive), undefined, 'without CAP_SYS_ADMIN')
})

t.test('one entry is read for every page, at the place of its first base page', async (t) => {
  const path = join(t.testdir({}), 'pagemap')
  const descriptor = openSync(path, 'w')
  const address = 0x7f12_3460_0000n
  const first = address / 4096n
  writeSync(descriptor, words(present | 1000n), 0, 8, Number(first * 8n))
  writeSync(descriptor, words(present | 9n), 0, 8, Number((first + 1n) * 8n))
  writeSync(descriptor, words(present | 5000n), 0, 8, Number((first + 1024n) * 8n))
  const extent = { address, pageSize: 2 ** 21, pages: 4 }
  const source = { path, basePage: 4096 }
  t.strictSame(readFrames(extent, source), [1000, undefined, 5000, undefined])
  ftruncateSync(descriptor, 0)
  t.strictSame(readFrames({ ...extent, pages: 1 }, source), [undefined], 'past its end')
  closeSync(descriptor)
  t.strictSame(readFrames({ ...extent, pages: 0 }, source), [])
})

t.test('a kernel without a pagemap is an error of the system', async (t) => {
  const path = join(t.testdir({}), 'pagemap')
  const extent = { address: 0n, pageSize: 4096, pages: 1 }
  t.throws(() => readFrames(extent, { path, basePage: 4096 }), { code: 'ENOENT' })
})

t.test('the size of base pages', async (t) => {
  const path = join(t.testdir({}), 'auxv')
  writeFileSync(path, words(33n, 0x7ffen, 6n, 65536n, 0n, 0n))
  t.equal(basePageSize(path), 65536)
  writeFileSync(path, words(33n, 6n, 0n, 0n))
  t.throws(() => basePageSize(path), /tells no page size/)
  const smaps = /^KernelPageSize: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'latin1'))
  t.equal(basePageSize(), Number(smaps?.[1]) * 1024, 'of this machine')
})
