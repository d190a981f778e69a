import t, { type Test } from 'tap'
import {
  readSegmentTimes,
  removeSegments,
} from '../../../../src/kernel/processes/files/remove-segments.ts'
import type { HugeSegment } from '../../../../src/model/processes/files/huge-segment.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { segmentTable, type TableSegment } from '../../../helpers/segment-table.ts'
import { M } from '../../../helpers/sizes.ts'

const path = '/proc/sysvipc/shm'

const segment: HugeSegment = {
  id: 3,
  ipcKey: -5,
  pageSize: 2n * M,
  size: 4n * M,
  pages: 2n,
  uid: 26,
  gid: 27,
  mode: 0o600,
  touched: 0,
  creator: 77,
  users: [],
  state: 'left',
}

interface Table {
  readonly there?: Partial<TableSegment>
  /** What the call of the kernel does in place of removing it. */
  readonly call?: () => void
  readonly isStopped?: boolean
}

/** Why the segment is left where the table has this of it; undefined where it went. */
const leftWith = (t: Test, one: HugeSegment, { there, call, isStopped = false }: Table) => {
  const removed: number[] = []
  const { kernel, scan, process } = procScan(t)
  process(90)
  kernel.extra.set(path, segmentTable([{ id: 3, key: -5, ...there }]))
  const native = nativeWith({
    removeSegment: (id) => {
      removed.push(id)
      if (call !== undefined) call()
      else kernel.extra.set(path, segmentTable([]))
    },
  })
  const told: string[] = []
  const did = (_: string, words: string) => void told.push(words)
  const calls = { native, tree: scan.tree, isStopped: () => isStopped, did }
  const [removal] = removeSegments(calls, [one])
  t.equal(removal?.segment, one)
  const isDone = removal?.left === undefined || removal.left === 'late'
  t.strictSame(told, isDone ? ['segment 3 removed'] : [])
  return [removal?.left, removed]
}

t.test('a segment that is as it was goes', async (t) => {
  t.strictSame(leftWith(t, segment, {}), [undefined, [3]])
  const { creator: _, ...foreign } = segment
  t.strictSame(leftWith(t, foreign, { there: { creator: 0 } }), [undefined, [3]])
})

t.test('one with its number that is another one is left', async (t) => {
  for (const there of [{ key: 5 }, { pages: 3n }, { uid: 27 }, { creator: 78 }, { id: 4 }])
    t.strictSame(
      leftWith(t, segment, { there }),
      ['changed', []],
      JSON.stringify(Object.keys(there)),
    )
})

t.test('one that somebody has by now is left', async (t) => {
  t.strictSame(leftWith(t, segment, { there: { attached: 1 } }), ['used', []])
  const running = { ...segment, creator: 90 }
  t.strictSame(leftWith(t, running, { there: { creator: 90 } }), ['used', []])
})

t.test('what the kernel answers', async (t) => {
  const failing = (code: 'EPERM' | 'EACCES' | 'EINVAL' | 'EIDRM' | 'EIO') => () => {
    throw systemError(code, 'shmctl')
  }
  const leftAt = (...words: Parameters<typeof failing>) =>
    leftWith(t, segment, { call: failing(...words) })[0]
  t.strictSame(
    [leftAt('EPERM'), leftAt('EACCES'), leftAt('EINVAL'), leftAt('EIDRM')],
    ['no-permission', 'no-permission', 'changed', 'changed'],
  )
  t.throws(() => leftAt('EIO'), { code: 'EIO' })
  t.strictSame(leftWith(t, segment, { call: () => {} }), ['late', [3]], 'it stays while attached')
})

t.test('after a signal none goes', async (t) => {
  t.strictSame(leftWith(t, segment, { isStopped: true }), ['stopped', []])
})

t.test('when segments were last used', async (t) => {
  const { kernel } = procScan(t)
  t.strictSame(readSegmentTimes(kernel), new Map())
  kernel.extra.set(path, segmentTable([{ id: 3 }, { id: 4, touched: 1_800_000_000 }]))
  t.strictSame(
    readSegmentTimes(kernel),
    new Map([
      [3, 1_700_000_000_000],
      [4, 1_800_000_000_000],
    ]),
  )
})
