import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { scanHiddenKeepers } from '../../../../src/kernel/processes/scan/hidden-keepers.ts'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'

/** A scan after it noted descriptors of process 7, whose fdinfo has these texts. */
const scanOf = (t: Test, isRing: boolean, texts: Readonly<Record<string, string | undefined>>) => {
  const proc = join(temporary(t), 'proc')
  mkdirSync(join(proc, '7/fdinfo'), { recursive: true })
  writeFileSync(join(proc, '7/status'), lines('Name:\tzoo'))
  const tree: FakeKernel = Object.create(fakeKernel(), {
    root: { value: '/' },
    proc: { value: proc },
  })
  const scan = newScan(tree, undefined)
  for (const [name, text] of Object.entries(texts)) {
    const file = join(proc, '7/fdinfo', name)
    mkdirSync(dirname(file), { recursive: true })
    if (text !== undefined) writeFileSync(file, text)
    scan.opaque.push({ pid: '7', name, fdinfo: file, isRing })
  }
  scanHiddenKeepers(scan)
  return scan
}

const process = { pid: 7, command: 'zoo' }

t.test('rings with buffers and files', async (t) => {
  const { buffers, inFlight } = scanOf(t, true, {
    3: lines('pos:\t0', 'UserFiles:\t1', 'UserBufs:\t2', 'PollList:'),
    4: lines('UserFiles:\t3', 'UserBufs:\t1'),
    5: lines('UserFiles:\t0', 'UserBufs:\t12'),
    6: lines('UserFiles:\t2', 'UserBufs:\t0'),
    7: lines('UserFiles:\t0', 'UserBufs:\t0'),
    8: lines('xUserFiles:\t2', 'scm_fds: 4'),
    9: undefined,
    10: lines('UserFiles:\t0', '    0: /a\rUserBufs:\t9', 'UserBufs:\t0'),
  })
  t.strictSame(
    buffers,
    [
      '2 buffers, 1 file registered',
      '1 buffer, 3 files registered',
      '12 buffers registered',
      '2 files registered',
    ].map((what) => ({ process, keeper: 'io_uring', what })),
  )
  t.strictSame(inFlight, [])
})

t.test('sockets at which descriptors wait', async (t) => {
  const { buffers, inFlight } = scanOf(t, false, {
    3: lines('pos:\t0', 'scm_fds: 1', 'UserFiles:\t1'),
    4: lines('scm_fds: 12'),
    5: lines('scm_fds: 0'),
    6: lines('xscm_fds: 3'),
    7: lines('pos:\t0'),
    8: undefined,
  })
  t.strictSame(inFlight, ['1 at socket 3 of process 7 (zoo)', '12 at socket 4 of process 7 (zoo)'])
  t.strictSame(buffers, [])
})
