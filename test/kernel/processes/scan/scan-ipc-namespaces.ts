import t from 'tap'
import {
  scanKeptSegments,
  scanOtherSegments,
  scanOwnSegments,
  scanUntouchedSegments,
} from '../../../../src/kernel/processes/scan/scan-ipc-namespaces.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { areaOf } from '../../../helpers/found-pages.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import {
  device,
  look,
  memfd,
  segment,
  segmentMachine,
  segmentsPath,
  shm,
} from '../../../helpers/segment-scan.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

t.test('a machine without segments, and one that does not show them', async (t) => {
  const { scan } = procScan(t)
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [])
  t.strictSame([...scan.ipcNamespaces.keys()], ['?'])
})

t.test('other IPC namespaces', async (t) => {
  const { scan, calls, process, proc } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  scanOwnSegments(scan, look)
  for (const [pid, namespace] of [
    [5, 'ipc:[1]'],
    [6, 'ipc:[2]'],
    [7, 'ipc:[2]'],
  ] as const)
    process(pid, { links: { 'ns/ipc': namespace } })
  process(8)
  calls.length = 0
  scanOtherSegments(scan, look)
  t.strictSame(scan.segments, [
    segment,
    { ...segment, key: `${device}:3@ipc:[2]`, isElsewhere: true },
  ])
  const path = `${proc}/6/ns/ipc`
  t.strictSame(calls, [
    [path, segmentsPath],
    [path, 3],
  ])
  t.strictSame(
    scan.ipcNamespaces,
    new Map([
      ['ipc:[1]', { untouched: true }],
      ['ipc:[2]', { path, untouched: true }],
    ]),
  )
})

t.test('an IPC namespace that a descriptor keeps', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  const path = '/proc/9/fd/4'
  scan.kept.set('mnt:[4]', '/proc/9/fd/3').set('ipc:[2]', path)
  scanKeptSegments(scan, look)
  const found = { ...segment, key: `${device}:3@ipc:[2]`, isElsewhere: true }
  t.strictSame(scan.segments, [found])
  t.strictSame(calls, [
    [path, segmentsPath],
    [path, 3],
  ])
  scanKeptSegments(scan, look)
  t.equal(calls.length, 2, 'it is looked at once')
})

t.test('segments without pages, at a second look', async (t) => {
  const segments = [shm(3, 8n * M, size), shm(4, 8n * M, 0n), shm(5, 4n * M, 0n)]
  const { scan, calls, process, proc } = segmentMachine(t, { segments })
  const key = '00:77:5@ipc:[1]'
  scan.areas.push(areaOf(9, { key, path: '/SYSV00000000' }))
  const first = { attach: true, untouched: false }
  scanOwnSegments(scan, first)
  process(6, { links: { 'ns/ipc': 'ipc:[2]' } })
  scanOtherSegments(scan, first)
  const found = () => scan.segments.map(({ key }) => key)
  const before = [`${device}:3@ipc:[1]`, key, `${device}:3@ipc:[2]`]
  t.strictSame(found(), before, 'one that is mapped is found in any case')
  calls.length = 0
  scanUntouchedSegments(scan, true)
  const path = `${proc}/6/ns/ipc`
  const inOther = [4, 5].map((id) => `${device}:${id}@ipc:[2]`)
  t.strictSame(found(), [...before, `${device}:4@ipc:[1]`, ...inOther])
  t.strictSame(calls, [
    ['', 4],
    [path, segmentsPath],
    [path, 4],
    [path, 5],
  ])
  scanUntouchedSegments(scan, true)
  t.equal(found().length, 6, 'there is no third look')
})

t.test('a second look that may not attach finds nothing that it could not tell', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(4, 8n * M, 0n)] })
  scanOwnSegments(scan, { attach: false, untouched: false })
  scanUntouchedSegments(scan, false)
  t.strictSame([scan.segments, scan.doubtful, calls], [[], [], []])
})

t.test('an IPC namespace that may not be entered', async (t) => {
  const native = nativeWith({
    memfd,
    ipcFile: () => {
      throw systemError('EPERM', 'setns')
    },
  })
  const { scan, process } = procScan(t, native)
  process(6, { links: { 'ns/ipc': 'ipc:[2]' } })
  scanOtherSegments(scan, look)
  t.strictSame(scan.segments, [])
})

t.test('without the addon, and of a recording, other IPC namespaces are not seen', async (t) => {
  const { scan, calls, process } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  process(6, { links: { 'ns/ipc': 'ipc:[2]' } })
  const recorded = Object.create(scan.tree, { root: { value: '/fake' } })
  scan.kept.set('ipc:[3]', '/proc/9/fd/4')
  const { native: _, ...bare } = scan
  for (const blind of [{ ...scan, tree: recorded }, bare]) {
    scanOtherSegments(blind, look)
    scanKeptSegments(blind, look)
  }
  t.strictSame([scan.segments, scan.ipcNamespaces, calls], [[], new Map(), []])
})
