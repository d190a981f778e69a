import t, { type Test } from 'tap'
import { segmentLines } from '../../../../src/kernel/processes/scan/segment-lines.ts'
import { segmentOrigin } from '../../../../src/kernel/processes/scan/segment-origin.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { segmentTable, type TableSegment } from '../../../helpers/segment-table.ts'
import { M } from '../../../helpers/sizes.ts'

const originOf = (t: Test, of: Partial<TableSegment>, more: object = {}, perms = '600') => {
  const { proc, process } = procScan(t)
  process(90)
  const text = segmentTable([{ id: 3, ...of }]).replace(' 600 ', ` ${perms} `)
  const [line] = segmentLines(text)
  if (line === undefined) throw new Error('there is no line')
  return segmentOrigin(line, { proc, hidden: undefined, ...more })
}

const usual = { bytes: 4n * M, gid: 27, mode: 0o600, touched: 1_700_000_000_000 }

t.test('what is told of a segment', async (t) => {
  t.strictSame(originOf(t, {}), { ...usual, creator: 77, isCreatorGone: true })
  t.equal(originOf(t, {}, { elsewhere: 'ipc:[2]' }).elsewhere, 'ipc:[2]')
})

t.test('its rights without the other bits of its mode', async (t) => {
  for (const [perms, mode] of [
    ['1644', 0o644],
    ['2000', 0],
    ['777', 0o777],
  ] as const)
    t.equal(originOf(t, {}, {}, perms).mode, mode, perms)
})

t.test('the process that made it', async (t) => {
  t.strictSame(originOf(t, { creator: 90 }), { ...usual, creator: 90, isCreatorGone: false })
  t.strictSame(originOf(t, { creator: 0 }), usual, 'one of another PID namespace')
  const hidden = originOf(t, {}, { hidden: 'users' })
  t.strictSame(hidden, { ...usual, creator: 77 }, 'one that cannot be seen may be there')
})
