import t from 'tap'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { addArea } from '../../../../src/kernel/processes/scan/same-memory.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { areaOf } from '../../../helpers/found-pages.ts'

/** Pages that the kernel shows to be in one page table, without their frames. */
const unplaced = (pid: number, alone: bigint, rest: Parameters<typeof areaOf>[1] = {}) => ({
  ...areaOf(pid, rest),
  own: { frames: [], alone, together: 0n },
})

const scanWith = (kcmp: (one: number, other: number, type: number) => number) => ({
  ...newScan(fakeKernel(), undefined),
  native: nativeWith({ kcmp }),
})

const owns = (scan: ReturnType<typeof scanWith>) =>
  scan.areas.map(({ own: { alone, together } }) => [alone, together])

t.test('pages of two processes with one memory are in both', async (t) => {
  const asked: unknown[] = []
  const scan = scanWith((...words) => {
    asked.push(words)
    return 0
  })
  addArea(scan, unplaced(5, 3n))
  addArea(scan, unplaced(6, 3n))
  t.strictSame(asked, [[6, 5, 1]])
  t.strictSame(owns(scan), [
    [0n, 3n],
    [0n, 3n],
  ])
})

t.test('those of different memory are not', async (t) => {
  const others = [
    unplaced(6, 3n, { key: '00:10:2' }),
    unplaced(6, 3n, { address: '7f1000000000' }),
    unplaced(5, 3n),
  ]
  for (const other of others) {
    const scan = scanWith(() => 0)
    addArea(scan, unplaced(5, 3n))
    addArea(scan, other)
    t.strictSame(owns(scan), [
      [3n, 0n],
      [3n, 0n],
    ])
  }
  const apart = scanWith(() => 1)
  addArea(apart, unplaced(5, 3n))
  addArea(apart, unplaced(6, 2n))
  t.strictSame(owns(apart), [
    [3n, 0n],
    [2n, 0n],
  ])
})

t.test('nothing is asked where the kernel shows frames, or has no answer', async (t) => {
  const silent = scanWith(() => {
    throw Object.assign(new Error('ENOSYS'), { code: 'ENOSYS' })
  })
  addArea(silent, unplaced(5, 3n))
  addArea(silent, unplaced(6, 3n))
  t.strictSame(owns(silent), [
    [3n, 0n],
    [3n, 0n],
  ])
  const shown = scanWith(() => {
    throw new Error('it was asked')
  })
  addArea(shown, areaOf(5, { frames: [1, 2] }))
  addArea(shown, areaOf(6, { frames: [1, 2] }))
  t.equal(shown.areas.length, 2)
})
