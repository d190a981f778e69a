import t, { type Test } from 'tap'
import {
  readProcesses,
  scanCandidates,
  scanOthers,
} from '../../../../src/kernel/processes/scan/scan-processes.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { fill, procScan } from '../../../helpers/proc-scan.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const status = (state: string, kilobytes: number, huge: number, threads = 1): string =>
  lines(
    'Name:\tzoo',
    `State:\t${state}`,
    ...(kilobytes > 0 ? [`VmSize:\t${kilobytes} kB`, `HugetlbPages:\t${huge} kB`] : []),
    `Threads:\t${threads}`,
  )

/** An area of one page on the device that the scan knows. */
const mapped = (inode: number): string => `00400000-00600000 rw-s 00000000 00:10 ${inode} /f\n`

t.test('the sizes of all processes but this one', async (t) => {
  const { scan, process } = procScan(t)
  const own = { ...scan, ownPid: 11 }
  const texts = { status: status('S (sleeping)', 5000, 2048, 3) }
  for (const pid of [9, 10, 11, 'self', '12x']) process(pid, { texts })
  process(13, { texts: { status: status('Z (zombie)', 0, 0, 2) } })
  process(14, { texts: { status: status('I (idle)', 0, 0) } })
  const found = { hugeBytes: size, space: 5000, threads: 3, lacksLeader: false }
  const zombie = { pid: '13', hugeBytes: 0n, space: 0, threads: 2, lacksLeader: true }
  const idle = { pid: '14', hugeBytes: 0n, space: 0, threads: 1, lacksLeader: false }
  t.strictSame(readProcesses(own), [{ pid: '9', ...found }, { pid: '10', ...found }, zombie, idle])
  t.strictSame(
    [...scan.spaces],
    [
      ['9', 5000],
      ['10', 5000],
      ['13', 0],
      ['14', 0],
    ],
  )
  t.strictSame(
    readProcesses({ ...scan, ownPid: undefined }).map(({ pid }) => pid),
    ['9', '10', '11', '13', '14'],
  )
})

t.test('a process that has gone', async (t) => {
  const { scan, proc, process } = procScan(t)
  process(5)
  fill(proc, { texts: { '6/comm': '' } })
  t.strictSame(
    readProcesses(scan).map(({ pid }) => pid),
    ['5'],
  )
})

const big = 1024 * 1024

/** Processes of every kind, each with one area of its own on a device that is known. */
const zoo = (t: Test) => {
  const { scan, process } = procScan(t)
  scan.devices.learn('00:10', size)
  const kinds = [
    status('S (sleeping)', 5000, 2048),
    status('S (sleeping)', 5000, 0),
    status('S (sleeping)', big, 0),
    status('S (sleeping)', 0, 0),
    status('S (sleeping)', 1, 0),
  ]
  for (const [index, text] of kinds.entries())
    process(index + 1, { texts: { status: text, maps: mapped(index + 1) } })
  return { scan, found: () => scan.areas.map(({ process, key }) => [process.pid, key]) }
}

t.test('those that can have huge pages, and the others with memory', async (t) => {
  const { scan, found } = zoo(t)
  const all = readProcesses(scan)
  scanCandidates(scan, all)
  t.strictSame(found(), [
    [1, '00:10:1'],
    [3, '00:10:3'],
  ])
  scanOthers(scan, all)
  t.strictSame(found().slice(2), [
    [2, '00:10:2'],
    [5, '00:10:5'],
  ])
  t.strictSame(scan.unseen, new Map())
})

t.test('only a holder is looked into by smaps', async (t) => {
  const { scan, process } = procScan(t)
  const smaps = lines(mapped(1).trim(), 'KernelPageSize: 2048 kB', 'VmFlags: ht')
  for (const [pid, kilobytes, huge] of [
    [5, big, 0],
    [6, big, 2048],
  ] as const) {
    const texts = { status: status('S', kilobytes, huge), maps: mapped(1), smaps }
    process(pid, { texts })
  }
  const all = readProcesses(scan)
  scanCandidates(scan, all.slice(0, 1))
  t.notOk(scan.devices.isKnown('00:10'))
  scanCandidates(scan, all)
  t.strictSame(
    scan.areas.map(({ process }) => process.pid),
    [6],
  )
})

t.test('processes that may not be looked into', async (t) => {
  const { scan, process } = procScan(t)
  for (const [pid, huge] of [
    [5, 2048],
    [6, 0],
  ] as const)
    process(pid, { texts: { status: status('S', 5000, huge), 'maps/closed': '' } })
  process(7, { texts: { status: status('S', 5000, 2048) } })
  const all = readProcesses(scan)
  scanCandidates(scan, all)
  const unseen = (pid: number, bytes: bigint) =>
    [pid, { process: { pid, command: 'zoo' }, bytes, errno: 'EISDIR' }] as const
  t.strictSame([...scan.unseen], [unseen(5, size)])
  scanOthers(scan, all)
  t.strictSame([...scan.unseen], [unseen(5, size), unseen(6, 0n)])
  t.strictSame(scan.areas, [])
})

/** A process whose first thread has ended, with these texts of maps of the others. */
const leaderless = (t: Test, threads: Readonly<Record<string, string>>) => {
  const { scan, process } = procScan(t)
  scan.devices.learn('00:10', size)
  const texts = { status: status('Z (zombie)', 0, 0, 3), maps: mapped(1) }
  process(5, { texts: { ...texts, ...threads } })
  scanCandidates(scan, readProcesses(scan))
  const keys = scan.areas.map(({ process, key }) => [process.pid, key])
  return { keys, unseen: [...scan.unseen.keys()] }
}

t.test('a process whose first thread has ended shows its memory in another one', async (t) => {
  const one = { 'task/5/maps': '', 'task/6/maps': mapped(2) }
  t.strictSame(leaderless(t, one), { keys: [[5, '00:10:2']], unseen: [] })
  const two = { ...one, 'task/7/maps': mapped(3) }
  t.equal(leaderless(t, two).keys.length, 1, 'all threads have the same memory')
  t.strictSame(leaderless(t, { 'task/5/maps': '', 'task/6/status': '' }), { keys: [], unseen: [] })
  t.strictSame(leaderless(t, { 'task/6/maps/closed': '' }), { keys: [], unseen: [5] })
  t.strictSame(leaderless(t, {}), { keys: [], unseen: [] })
})

t.test(
  'areas of others do not stand for those of a process without its first thread',
  async (t) => {
    const { scan, process } = procScan(t)
    const smaps = lines(mapped(2).trim(), 'KernelPageSize: 2048 kB', 'VmFlags: ht')
    process(4, { texts: { status: status('S', 5000, 2048), maps: mapped(2), smaps } })
    const texts = { 'task/6/maps': '', 'task/7/maps': mapped(2) }
    process(5, { texts: { status: status('Z (zombie)', 0, 0, 3), ...texts } })
    scanCandidates(scan, readProcesses(scan))
    t.strictSame(
      scan.areas.map(({ process }) => process.pid),
      [4, 5],
    )
  },
)

t.test('a thread is looked into as a holder', async (t) => {
  const { scan, process } = procScan(t)
  const smaps = lines(mapped(2).trim(), 'KernelPageSize: 2048 kB', 'VmFlags: ht')
  const texts = { 'task/6/maps': mapped(2), 'task/6/smaps': smaps }
  process(5, { texts: { status: status('Z (zombie)', 0, 0, 3), ...texts } })
  scanCandidates(scan, readProcesses(scan))
  t.equal(scan.areas.length, 1)
})

/** A process with a page, whose status is another one once it is looked at. */
const changing = (t: Test, then: string, threads = 2) => {
  const { scan, process } = procScan(t)
  scan.devices.learn('00:10', size)
  process(5, { texts: { status: status('S (sleeping)', 5000, 2048, threads), maps: mapped(1) } })
  const all = readProcesses(scan)
  process(5, { texts: { status: then, 'task/5/maps': '', 'task/6/maps': mapped(2) } })
  scanCandidates(scan, all)
  return scan.areas.map(({ key }) => key)
}

t.test('a first thread that ends between its status and a look at its pages', async (t) => {
  t.strictSame(changing(t, status('Z (zombie)', 0, 0, 2)), ['00:10:2'], 'the other one is asked')
  t.strictSame(changing(t, status('S (sleeping)', 5000, 2048, 2)), ['00:10:1'])
  t.strictSame(changing(t, status('Z (zombie)', 0, 0, 1)), ['00:10:1'], 'no other one is left')
  const started = changing(t, status('Z (zombie)', 0, 0, 2), 1)
  t.strictSame(started, ['00:10:2'], 'the other one was started meanwhile')
})
