import t from 'tap'
import {
  residentBytes,
  type SegmentLine,
  segmentLines,
  showsTooMuch,
} from '../../../../src/kernel/processes/scan/segment-lines.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M
const head =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap'

const segment = (id: number, bytes: bigint, rss: bigint): string =>
  `  -1729456  ${id}   600 ${bytes}  20  20  2  26  0  0  0  1764190000  0  1764190000  ${rss}  0`

const lineOf = (bytes: bigint, rss: bigint): SegmentLine => {
  const [line] = segmentLines(`${head}\n${segment(3, bytes, rss)}\n`)
  if (line === undefined) throw new Error('no line')
  return line
}

t.test('the columns of every line', async (t) => {
  t.strictSame(segmentLines(''), [])
  t.strictSame(segmentLines(`${head}\nnonsense\n`), [])
  const line = lineOf(8n * M, 6n * M)
  t.strictSame(['key', 'shmid', 'size', 'nattch', 'uid', 'rss', 'unknown'].map(line), [
    -1729456n,
    3n,
    8n * M,
    2n,
    26n,
    6n * M,
    0n,
  ])
  t.equal(segmentLines(`${head}\n${segment(3, 1n, 1n)}\n${segment(4, 1n, 1n)}`).length, 2)
})

t.test('the bytes of a segment, as a kernel shows them', async (t) => {
  for (const [bytes, rss, found] of [
    [8n * M, 8n * M, 8n * M],
    [7n * M, 8n * M, 8n * M],
    [8n * M, 512n * 6n * M, 6n * M],
    [8n * M, 0n, undefined],
    [8n * M, 3n * M, undefined],
    [4096n, 4096n, undefined],
    [8n * M, 16n * M, undefined],
  ] as const)
    t.equal(residentBytes(lineOf(bytes, rss), size, 4096n), found, `${rss} of ${bytes}`)
})

t.test('small pages never take more than the size', async (t) => {
  t.notOk(showsTooMuch(lineOf(8n * M, 8n * M)))
  t.notOk(showsTooMuch(lineOf(8n * M - 1n, 8n * M)))
  t.notOk(showsTooMuch(lineOf(100n, 65536n)))
  t.ok(showsTooMuch(lineOf(100n, 65537n)))
  t.ok(showsTooMuch(lineOf(8n * M, 512n * 6n * M)))
})
