import t from 'tap'
import { readSegments } from '../../../src/kernel/processes/segments.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const head =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap'

const segment = (id: number, bytes: bigint, rss: bigint, attached = 0): string =>
  `  -1729456  ${id}   600 ${bytes}  20  20  ${attached}  26  0  0  0  1764190000  0  1764190000  ${rss}  0`

const segmentsOf = (lines: readonly string[], seen: readonly number[] = []) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/sysvipc/shm', `${[head, ...lines].join('\n')}\n`)
  return readSegments(kernel, size, new Set(seen), [2n * M, G])
}

t.test('none, and a kernel without SysV segments', async (t) => {
  t.strictSame(segmentsOf([]), [])
  t.strictSame(readSegments(fakeKernel(), size, new Set(), [size]), [])
})

t.test('a segment that has as many bytes as a kernel shows it', async (t) => {
  const found = { id: 3, uid: 26, attached: 0, pages: 4n, isCertain: false }
  t.strictSame(segmentsOf([segment(3, 8n * M, 8n * M)]), [found])
  t.strictSame(segmentsOf([segment(3, 8n * M, 8n * M)], [3]), [{ ...found, isCertain: true }])
  t.strictSame(
    segmentsOf([segment(3, 7n * M, 8n * M, 2)]),
    [{ ...found, attached: 2, isCertain: true }],
    'small pages never take more than the size',
  )
})

t.test('kernels that show 512 times as much', async (t) => {
  t.strictSame(segmentsOf([segment(0, 8n * M, 512n * 6n * M)]), [
    { id: 0, uid: 26, attached: 0, pages: 3n, isCertain: true },
  ])
})

t.test('segments that cannot have such pages', async (t) => {
  t.strictSame(
    segmentsOf([
      segment(1, 8n * M, 0n),
      segment(2, 8n * M, 3n * M),
      segment(3, 4096n, 4096n),
      segment(4, 8n * M, 16n * M),
      'nonsense',
    ]),
    [],
  )
})
