import t from 'tap'
import type { CleanRequest } from '../../../../src/model/processes/files/clean-choice.ts'
import type { HugeSegment } from '../../../../src/model/processes/files/huge-segment.ts'
import {
  isSegmentNamedBy,
  reasonToKeepSegment,
  segmentTitle,
} from '../../../../src/model/processes/files/segment-choice.ts'
import { M } from '../../../helpers/sizes.ts'

const minute = 60_000
const now = 100 * minute

const segment = (of: Partial<HugeSegment> = {}): HugeSegment => ({
  id: 12,
  ipcKey: 0x2a,
  pageSize: 2n * M,
  size: 4n * M,
  pages: 2n,
  uid: 0,
  gid: 0,
  mode: 0o600,
  touched: 0,
  creator: 7,
  users: [],
  state: 'left',
  ...of,
})

const reason = (
  of: Partial<HugeSegment>,
  { older = minute, keep = [] }: Partial<CleanRequest> = {},
) => reasonToKeepSegment(segment(of), { older, keep }, now)

t.test('which segments stay, and why', async (t) => {
  t.equal(reason({}), undefined)
  t.equal(reason({ state: 'mapped' }), 'used')
  t.equal(reason({ state: 'locked' }), 'used')
  t.equal(reason({ state: 'open' }), 'creator')
  t.equal(reason({ state: 'unknown' }), 'unknown')
  t.equal(reason({ elsewhere: 'ipc:[4026532176]' }), 'elsewhere')
  t.equal(reason({}, { keep: ['11', '12'] }), 'kept')
  t.equal(reason({}, { keep: ['11'] }), undefined)
})

t.test('one that was used lately stays', async (t) => {
  t.equal(reason({ touched: now - minute }), undefined)
  t.equal(reason({ touched: now - minute + 1 }), 'young')
  t.equal(reason({ touched: now + minute }), 'young', 'a clock that was set back')
  for (const touched of [now, now + minute])
    t.equal(reason({ touched }, { older: 0 }), undefined, 'that spares none')
})

t.test('words of --keep', async (t) => {
  for (const word of ['12', '1*', '0x0000002a', '0x2a', '0x2A', '0X2a', '0x*2A'])
    t.equal(isSegmentNamedBy(segment(), word), true, word)
  for (const word of ['1', '120', '0x2', '2a', '42', '', '/12'])
    t.equal(isSegmentNamedBy(segment(), word), false, word)
  t.equal(isSegmentNamedBy(segment({ ipcKey: -5 }), '0xfffffffb'), true)
  t.equal(isSegmentNamedBy(segment({ id: 0 }), '0x2b'), false)
})

t.test('its name, and where it is', async (t) => {
  t.equal(segmentTitle(segment()), 'SysV 12 (key 0x0000002a)')
  t.equal(
    segmentTitle(segment({ ipcKey: 0, elsewhere: 'ipc:[4026532176]' })),
    'SysV 12 of ipc:[4026532176]',
  )
})
