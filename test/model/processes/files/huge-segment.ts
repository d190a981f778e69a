import t from 'tap'
import { segmentsIn } from '../../../../src/model/processes/files/huge-segment.ts'
import type {
  FoundSegment,
  SegmentOrigin,
} from '../../../../src/model/processes/who/found-pages.ts'
import { nothingFound } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const key = (id: number) => `00:0f:${id}`

const segment = (id: number, attached = 0): FoundSegment => ({
  ...{ key: key(id), size: 2n * M, id, ipcKey: 77, uid: 5, attached, pages: 2n, length: 3n },
})
const origin: SegmentOrigin = { bytes: 5n * M, gid: 6, mode: 0o600, touched: 9000 }

/** What becomes of segments with their origins. */
const found = (...all: readonly (readonly [FoundSegment, SegmentOrigin])[]) =>
  segmentsIn(
    {
      ...nothingFound,
      segments: all.map(([each]) => each),
      origins: new Map(all.map(([each, its]) => [each.key, its])),
    },
    new Map([[key(1), [{ pid: 8, command: 'zoo', use: 'mapped' }]]]),
  )

t.test('a segment, and who has it attached', async (t) => {
  const same = {
    ...{ ipcKey: 77, pageSize: 2n * M, size: 5n * M, pages: 2n, uid: 5, gid: 6, mode: 0o600 },
    ...{ touched: 9000, creator: 8 },
  }
  t.strictSame(
    found([segment(1, 1), { ...origin, creator: 8 }], [segment(2), { ...origin, creator: 8 }]),
    [
      { ...same, id: 1, users: [{ pid: 8, command: 'zoo', use: 'mapped' }], state: 'mapped' },
      { ...same, id: 2, users: [], state: 'unknown' },
    ],
  )
})

t.test('one that nobody has attached is left where who made it is gone', async (t) => {
  const state = (attached: number, isCreatorGone?: boolean) =>
    found([
      segment(2, attached),
      { ...origin, ...(isCreatorGone !== undefined && { isCreatorGone }) },
    ])[0]?.state
  t.equal(state(0, true), 'left')
  t.equal(state(0, false), 'open')
  t.equal(state(0), 'unknown')
  for (const isGone of [true, false, undefined]) t.equal(state(1, isGone), 'mapped')
})

t.test('those of this IPC namespace come first, each by its number', async (t) => {
  const there = (elsewhere: string) => ({ ...origin, elsewhere })
  t.strictSame(
    found(
      [{ ...segment(3), isElsewhere: true }, there('ipc:[5]')],
      [{ ...segment(4), isElsewhere: true }, there('ipc:[4]')],
      [segment(20), origin],
      [segment(7), origin],
    ).map(({ id, elsewhere }) => [id, elsewhere]),
    [
      [7, undefined],
      [20, undefined],
      [4, 'ipc:[4]'],
      [3, 'ipc:[5]'],
    ],
  )
})

t.test('one whose origin is not known is left out', async (t) => {
  t.strictSame(segmentsIn({ ...nothingFound, segments: [segment(1)] }, new Map()), [])
  t.strictSame(
    segmentsIn({ ...nothingFound, segments: [segment(1)], origins: new Map() }, new Map()),
    [],
  )
})
