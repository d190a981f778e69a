import t from 'tap'
import { scanOwnSegments } from '../../../../src/kernel/processes/scan/scan-ipc-namespaces.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { areaOf } from '../../../helpers/found-pages.ts'
import { device, look, segment, segmentMachine, shm } from '../../../helpers/segment-scan.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

t.test('a segment whose device is seen when it is attached', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [segment])
  t.strictSame(calls, [['', 3]])
  t.strictSame(scan.ipcNamespaces, new Map([['ipc:[1]', { untouched: true }]]))
  scanOwnSegments(scan, look)
  t.equal(scan.segments.length, 1, 'a namespace is looked at once')
})

t.test('its size in whole pages, and its key', async (t) => {
  const segments = [
    shm(3, 6n * M + 1n, size, 0x1234),
    shm(4, 6n * M, size, 0xdeadbeef - 2 ** 32),
    shm(5, 1n, size, -1),
  ]
  const { scan } = segmentMachine(t, { segments })
  scanOwnSegments(scan, look)
  t.strictSame(
    scan.segments.map(({ id, length, ipcKey }) => [id, length, ipcKey]),
    [
      [3, 4n, 0x1234],
      [4, 3n, -559038737],
      [5, 1n, -1],
    ],
  )
})

t.test('a segment of something else', async (t) => {
  const { scan } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  scan.devices.learn(device, undefined)
  scanOwnSegments(scan, look)
  scan.ipcNamespaces.clear()
  scan.devices.learn(device, G)
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [], 'its pages do not fit the device')
})

t.test('memory that is not shown', async (t) => {
  const { scan } = segmentMachine(t, {
    segments: [shm(3, 8n * M, size)],
    attach: (show) => show(1n),
  })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [])
})

t.test('a segment without pages counts where it may have them reserved', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(3, 8n * M, 0n)] })
  scanOwnSegments(scan, { attach: true, untouched: false })
  t.strictSame([scan.segments, calls], [[], []])
  scan.ipcNamespaces.clear()
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [{ ...segment, pages: 0n }])
})

t.test('one that has no whole pages is not attached', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(3, 8n * M, 4096n)] })
  scanOwnSegments(scan, look)
  t.strictSame([scan.segments, calls], [[], []])
})

t.test('without attaching only what small pages could not have counts', async (t) => {
  const segments = [
    shm(2, 8n * M, 8n * M),
    shm(3, 7n * M, 8n * M),
    shm(4, 2n * M - 65536n, 2n * M),
    shm(5, 2n * M - 65535n, 2n * M),
  ]
  const { scan, calls } = segmentMachine(t, { segments })
  scanOwnSegments(scan, { attach: false, untouched: true })
  t.strictSame(calls, [])
  t.strictSame(scan.segments, [
    { ...segment, key: '?:3@ipc:[1]', pages: 4n },
    { ...segment, key: '?:4@ipc:[1]', id: 4, length: 1n },
  ])
})

t.test('kernels that show 512 times as much', async (t) => {
  const { scan } = segmentMachine(t, { segments: [shm(3, 8n * M, 512n * 6n * M)] })
  scanOwnSegments(scan, { attach: false, untouched: false })
  t.strictSame(scan.segments, [{ ...segment, key: '?:3@ipc:[1]', pages: 3n }])
})

t.test('a segment that may not be attached', async (t) => {
  const segments = [shm(3, 7n * M, 8n * M), shm(4, 8n * M, 8n * M)]
  const attach = () => {
    throw systemError('EACCES', 'shmat')
  }
  const { scan, calls } = segmentMachine(t, { segments, attach })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [{ ...segment, key: '?:3@ipc:[1]', pages: 4n }])
  t.strictSame(calls.at(-1), ['', 4])
})

t.test('a lack of descriptors, and a fault, are thrown', async (t) => {
  for (const error of [systemError('EMFILE', 'shmat'), new TypeError('a fault')]) {
    const attach = () => {
      throw error
    }
    const { scan } = segmentMachine(t, { segments: [shm(3, 8n * M, size)], attach })
    t.throws(() => scanOwnSegments(scan, look), error)
  }
})

t.test('a segment that a process was seen to have attached', async (t) => {
  const { scan, calls } = segmentMachine(t, { segments: [shm(3, 8n * M, size)] })
  const path = '/SYSV00000000 (deleted)'
  const key = '00:77:3@ipc:[1]'
  scan.areas.push(
    areaOf(5, { key, path: '/mnt/huge/f', size: G }),
    areaOf(5, { key: '00:77:13@ipc:[1]', path, size: G }),
    areaOf(5, { key: '00:77:3@ipc:[2]', path, size: G }),
    areaOf(5, { key, path }),
  )
  scanOwnSegments(scan, look)
  t.strictSame([scan.segments, calls], [[{ ...segment, key }], []])
  scan.ipcNamespaces.clear()
  scan.files.set(key, { key, size, path, isNamed: false, pages: 3n })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments[1], { ...segment, key, pages: 3n })
})
