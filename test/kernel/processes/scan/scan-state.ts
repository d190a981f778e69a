import t from 'tap'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { addFile, foundSoFar, type Scan } from '../../../../src/kernel/processes/scan/scan-state.ts'
import type { FoundFile } from '../../../../src/model/processes/who/found-pages.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { areaOf, processNumber } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const emptyScan = (nodes = [{ id: 0, memory: G }]): Scan =>
  newScan(fakeKernel({ nodes }), undefined)

const unknown: FoundFile = { key: '00:1f:7', size: 2n * M, path: '/seen', isNamed: false }
const known: FoundFile = { ...unknown, pages: 3n, length: 4n, uid: 5 }
const named: FoundFile = { ...known, path: '/mnt/named', isNamed: true, target: '/mnt' }

const added = (...files: readonly FoundFile[]) => {
  const scan = emptyScan()
  for (const file of files) addFile(scan, file)
  return [...scan.files.entries()]
}

t.test('a file that is new', async (t) => {
  const other = { ...known, key: '00:1f:8' }
  t.strictSame(added(unknown, other), [
    ['00:1f:7', unknown],
    ['00:1f:8', other],
  ])
})

t.test('what is known of a file stays', async (t) => {
  const changed = { ...known, path: '/other', pages: 9n }
  t.strictSame(added(known, changed), [['00:1f:7', known]])
  t.strictSame(added(named, changed), [['00:1f:7', named]])
  t.strictSame(added(named, { ...named, path: '/second', pages: 9n }), [['00:1f:7', named]])
})

t.test('pages are learnt later', async (t) => {
  t.strictSame(added(unknown, known), [['00:1f:7', known]])
  t.strictSame(added(unknown, unknown), [['00:1f:7', unknown]])
})

t.test('a name is learnt later, and not forgotten', async (t) => {
  t.strictSame(added(known, { ...named, pages: 6n }), [['00:1f:7', { ...named, pages: 6n }]])
  const { pages: _, ...nameAlone } = named
  t.strictSame(added(known, nameAlone), [['00:1f:7', named]])
  t.strictSame(added(nameAlone, known), [['00:1f:7', { ...named, path: '/seen' }]])
})

t.test('everything that was found', async (t) => {
  const scan = emptyScan()
  addFile(scan, known)
  t.strictSame(foundSoFar(scan), {
    files: new Map([['00:1f:7', known]]),
    areas: scan.areas,
    descriptors: scan.descriptors,
    segments: scan.segments,
    mounts: scan.mounts,
    buffers: scan.buffers,
    inFlight: scan.inFlight,
    pinned: scan.pinned,
    unseen: scan.unseen,
    statuses: scan.statuses,
    origins: scan.origins,
    covering: scan.covering,
    onlyNode: 0,
    userOf: scan.userOf,
  })
  const unread = { size: 2n * M, path: '/mnt/closed' }
  const unasked = { process: processNumber(8), path: '/mnt/f' }
  scan.unread.set('00:1f /mnt/closed', unread)
  scan.unasked.set('30 /mnt/f', unasked)
  t.hasStrict(foundSoFar(scan), { unread: [unread], unasked: [unasked] })
  const two = emptyScan([
    { id: 0, memory: G },
    { id: 1, memory: G },
  ])
  t.notOk('onlyNode' in foundSoFar(two))
})

t.test('a file that cannot be looked at has what one process has of it', async (t) => {
  const scan = emptyScan()
  const files: readonly FoundFile[] = [
    unknown,
    { ...known, key: '00:1f:8' },
    { ...unknown, key: '00:1f:9' },
    { ...unknown, key: '00:1f:10' },
  ]
  for (const file of files) addFile(scan, file)
  const area = (key: string, present: bigint, isPrivate = false) =>
    scan.areas.push(areaOf(1, { key, present, isPrivate }))
  area('00:1f:7', 2n)
  area('00:1f:7', 4n)
  area('00:1f:7', 3n)
  area('00:1f:8', 9n)
  area('00:1f:9', 5n, true)
  area('00:1f:11', 6n)
  area('00:1f:10', 0n)
  t.strictSame(
    foundSoFar(scan).files,
    new Map([
      ['00:1f:7', { ...unknown, pages: 4n }],
      ['00:1f:8', { ...known, key: '00:1f:8' }],
      ['00:1f:9', { ...unknown, key: '00:1f:9' }],
      ['00:1f:10', { ...unknown, key: '00:1f:10', pages: 0n }],
    ]),
  )
  t.strictSame(scan.files.get('00:1f:7'), unknown)
})
