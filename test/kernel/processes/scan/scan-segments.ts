import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { mapLines } from '../../../../src/kernel/processes/scan/map-lines.ts'
import {
  scanKeptSegments,
  scanOtherSegments,
  scanOwnSegments,
  scanUntouchedSegments,
} from '../../../../src/kernel/processes/scan/scan-segments.ts'
import { asOctets } from '../../../../src/model/etc/octets.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../../helpers/fake-native.ts'
import { areaOf } from '../../../helpers/found-pages.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { procScan } from '../../../helpers/proc-scan.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M
const segmentsPath = '/proc/sysvipc/shm'
const look = { attach: true, untouched: true }

const head = 'key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap'

const shm = (id: number, bytes: bigint, rss: bigint, key = 0): string =>
  `  ${key}  ${id}   600 ${bytes}  20  20  2  26  0  0  0  0  0  1764190000  ${rss}  0`

const text = (...segments: readonly string[]): string => lines(head, ...segments)

const memfd = (): never => {
  throw systemError('EINVAL', 'memfd_create')
}

/** A part of the memory of this process that a file has; it stands for a segment here. */
const seen = mapLines(asOctets(readFileSync('/proc/self/maps', 'latin1')))[0]
const address = BigInt(`0x${seen?.from}`)
const device = seen?.device ?? ''

interface Machine {
  readonly segments: readonly string[]
  /** What an attempt to attach does; by default it shows some memory of this process. */
  readonly attach?: (show: (address: bigint) => void) => void
}

/** A scan of a machine that has these segments; segments of `size` lie on the device above. */
const machine = (t: Test, { segments, attach = (show) => show(address) }: Machine) => {
  const calls: unknown[] = []
  const native = nativeWith({
    memfd,
    atSegment: (space, id, show) => {
      calls.push([space, id])
      attach(show)
    },
    ipcFile: (space, path) => {
      calls.push([space, path])
      return text(...segments)
    },
  })
  const { scan, kernel, process, proc } = procScan(t, native)
  kernel.extra.set(segmentsPath, text(...segments))
  process('self', { links: { 'ns/ipc': 'ipc:[1]' } })
  scan.devices.learn(device, size)
  return { scan, calls, process, proc }
}

const segment = {
  key: `${device}:3@ipc:[1]`,
  size,
  id: 3,
  ipcKey: 0,
  uid: 26,
  attached: 2,
  pages: 1n,
  length: 4n,
}

t.test('a segment whose device is seen when it is attached', async (t) => {
  const { scan, calls } = machine(t, { segments: [shm(3, 8n * M, size)] })
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
  const { scan } = machine(t, { segments })
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
  const { scan } = machine(t, { segments: [shm(3, 8n * M, size)] })
  scan.devices.learn(device, undefined)
  scanOwnSegments(scan, look)
  scan.ipcNamespaces.clear()
  scan.devices.learn(device, G)
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [], 'its pages do not fit the device')
})

t.test('memory that is not shown', async (t) => {
  const { scan } = machine(t, { segments: [shm(3, 8n * M, size)], attach: (show) => show(1n) })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [])
})

t.test('a segment without pages counts where it may have them reserved', async (t) => {
  const { scan, calls } = machine(t, { segments: [shm(3, 8n * M, 0n)] })
  scanOwnSegments(scan, { attach: true, untouched: false })
  t.strictSame([scan.segments, calls], [[], []])
  scan.ipcNamespaces.clear()
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [{ ...segment, pages: 0n }])
})

t.test('one that has no whole pages is not attached', async (t) => {
  const { scan, calls } = machine(t, { segments: [shm(3, 8n * M, 4096n)] })
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
  const { scan, calls } = machine(t, { segments })
  scanOwnSegments(scan, { attach: false, untouched: true })
  t.strictSame(calls, [])
  t.strictSame(scan.segments, [
    { ...segment, key: '?:3@ipc:[1]', pages: 4n },
    { ...segment, key: '?:4@ipc:[1]', id: 4, length: 1n },
  ])
})

t.test('kernels that show 512 times as much', async (t) => {
  const { scan } = machine(t, { segments: [shm(3, 8n * M, 512n * 6n * M)] })
  scanOwnSegments(scan, { attach: false, untouched: false })
  t.strictSame(scan.segments, [{ ...segment, key: '?:3@ipc:[1]', pages: 3n }])
})

t.test('a segment that may not be attached', async (t) => {
  const segments = [shm(3, 7n * M, 8n * M), shm(4, 8n * M, 8n * M)]
  const attach = () => {
    throw systemError('EACCES', 'shmat')
  }
  const { scan, calls } = machine(t, { segments, attach })
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [{ ...segment, key: '?:3@ipc:[1]', pages: 4n }])
  t.strictSame(calls.at(-1), ['', 4])
})

t.test('a lack of descriptors, and a fault, are thrown', async (t) => {
  for (const error of [systemError('EMFILE', 'shmat'), new TypeError('a fault')]) {
    const attach = () => {
      throw error
    }
    const { scan } = machine(t, { segments: [shm(3, 8n * M, size)], attach })
    t.throws(() => scanOwnSegments(scan, look), error)
  }
})

t.test('a segment that a process was seen to have attached', async (t) => {
  const { scan, calls } = machine(t, { segments: [shm(3, 8n * M, size)] })
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

t.test('a machine without segments, and one that does not show them', async (t) => {
  const { scan } = procScan(t)
  scanOwnSegments(scan, look)
  t.strictSame(scan.segments, [])
  t.strictSame([...scan.ipcNamespaces.keys()], ['?'])
})

t.test('other IPC namespaces', async (t) => {
  const { scan, calls, process, proc } = machine(t, { segments: [shm(3, 8n * M, size)] })
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
  const { scan, calls } = machine(t, { segments: [shm(3, 8n * M, size)] })
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
  const { scan, calls, process, proc } = machine(t, { segments })
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
  const { scan, calls } = machine(t, { segments: [shm(4, 8n * M, 0n)] })
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
  const { scan, calls, process } = machine(t, { segments: [shm(3, 8n * M, size)] })
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
