import t from 'tap'
import type { HugeSegment } from '../../../../src/model/processes/files/huge-segment.ts'
import {
  leftSegmentHints,
  leftSegmentWords,
  segmentRemovalLines,
  segmentsQuestion,
  segmentsThatStay,
} from '../../../../src/model/processes/files/segment-words.ts'
import type { SegmentOrigin } from '../../../../src/model/processes/who/found-pages.ts'
import { nothingFound } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const one: HugeSegment = {
  ...{ id: 4, ipcKey: 0, pageSize: 2n * M, size: 5n * M, pages: 1n, uid: 7, gid: 7, mode: 0o600 },
  ...{ touched: 0, users: [], state: 'left' },
}
const other: HugeSegment = { ...one, id: 9, ipcKey: 77, pages: 3n, uid: 0 }

t.test('the question shows each segment with its pages and its user', async (t) => {
  t.equal(
    segmentsQuestion([one, other]),
    [
      'nobody has these segments attached, and who made them is gone:',
      '  SysV 4: 1 page of 2M, of user 7',
      '  SysV 9 (key 0x0000004d): 3 pages of 2M, of user 0',
      'remove 2 segments? [y/N] ',
    ].join('\n'),
  )
  t.strictSame(segmentRemovalLines([one, other]), ['ipcrm -m 4', 'ipcrm -m 9'])
})

t.test('which segments stay; that one is attached is no news', async (t) => {
  t.strictSame(
    segmentsThatStay([
      { segment: one },
      { segment: one, kept: 'used' },
      { segment: one, kept: 'young' },
      { segment: { ...other, elsewhere: 'ipc:[5]' }, kept: 'elsewhere' },
      { segment: other, kept: 'young' },
    ]),
    [
      'SysV 4 and 1 more segment stay: it was used a short while ago',
      'SysV 9 (key 0x0000004d) of ipc:[5] stays: it is of another IPC namespace, and is removed only from there',
    ],
  )
})

t.test('why segments that should have gone are still there', async (t) => {
  t.strictSame(
    leftSegmentWords([
      { segment: one },
      { segment: one, left: 'no-permission' },
      { segment: other, left: 'stopped' },
    ]),
    [
      'SysV 4: not removed: its owner or root can remove it (EPERM)',
      'SysV 9 (key 0x0000004d): not removed: a signal came before',
    ],
  )
})

t.test('what removes segments that hold pages for nobody', async (t) => {
  const key = (id: number) => `00:0f:${id}`
  const left: SegmentOrigin = { bytes: M, gid: 0, mode: 0o600, touched: 0, isCreatorGone: true }
  const segment = (id: number, attached = 0) => ({
    ...{ key: key(id), size: 2n * M, id, ipcKey: 0, uid: 0, attached, pages: 1n, length: 1n },
  })
  const hold = (id: number, kind: 'segment' | 'file' = 'segment') => ({
    ...{ kind, size: 2n * M, pages: 1n, files: new Map([[key(id), 1n]]) },
  })
  const found = {
    ...nothingFound,
    segments: [segment(1, 1), segment(2), segment(3), segment(4), segment(5), segment(6)],
    origins: new Map([
      [key(1), left],
      [key(2), left],
      [key(3), { ...left, isCreatorGone: false }],
      [key(4), { ...left, elsewhere: 'ipc:[5]' }],
      [key(6), left],
    ]),
  }
  const hints = (...ids: readonly number[]) =>
    leftSegmentHints(
      found,
      ids.map((id) => hold(id)),
    )
  t.strictSame(hints(1, 3, 4, 5), [])
  t.strictSame(hints(1, 2, 3), [
    "'hugepool files --segments --clean' removes segment 2, which nobody has attached and whose creator is gone; 'ipcrm -m 2' removes it without a look",
  ])
  t.strictSame(hints(2, 6), [
    "'hugepool files --segments --clean' removes the 2 segments that nobody has attached and whose creators are gone; 'ipcrm -m 2' removes one without a look",
  ])
  t.strictSame(leftSegmentHints(found, [hold(2, 'file'), { kind: 'segment', size: 2n * M }]), [])
})
