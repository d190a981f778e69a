import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAreaFrames } from '../../src/kernel/page-frames.ts'
import { temporary } from '../helpers/run.ts'

const present = 1n << 63n
const ofFile = 1n << 61n
const once = 1n << 56n

/** Areas of pages of 8K, of two base pages each, in a pagemap with these entries. */
const areas = (entries: readonly bigint[], ...ranges: readonly (readonly [number, number])[]) => {
  const pagemap = join(temporary(t), 'pagemap')
  writeFileSync(pagemap, BigUint64Array.from(entries.flatMap((entry) => [entry, present | 99n])))
  return readAreaFrames(
    pagemap,
    ranges.map(([from, pages]) => ({ from: BigInt(from) * 8192n, pages, pageSize: 8192n })),
    4096n,
  )
}

const nothing = { own: [], alone: 0, together: 0, frames: [], present: 0 }

t.test('the frames of pages, of which those of files are no own ones', async (t) => {
  const frame = 2 ** 40 + 512
  const entries = [present | once | BigInt(frame), present | ofFile | 1024n, 0n, present | 2048n]
  t.strictSame(areas(entries, [0, 3], [3, 1], [2, 1]), [
    { ...nothing, own: [frame], frames: [frame, 1024], present: 2 },
    { ...nothing, own: [2048], frames: [2048], present: 1 },
    nothing,
  ])
})

t.test('where frames are hidden, pages that others have too are told apart', async (t) => {
  const entries = [present | once, present, present | once, present | ofFile, 0n]
  t.strictSame(areas(entries, [0, 5]), [{ ...nothing, alone: 2, together: 1, present: 4 }])
})

t.test('a pagemap that ends before an area', async (t) => {
  t.strictSame(areas([present | 7n], [0, 3], [5, 1]), [
    { ...nothing, own: [7], frames: [7], present: 1 },
    nothing,
  ])
})
