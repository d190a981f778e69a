import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { newScan } from '../../../../src/kernel/processes/scan/new-scan.ts'
import { scanAreas } from '../../../../src/kernel/processes/scan/scan-areas.ts'
import { type FakeKernel, fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { temporary } from '../../../helpers/run.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

/** The process that the areas below belong to. */
const owner = { pid: 7, command: 'zoo' }

/** A scan with one process that has these texts in its directory. */
const scanOf = (t: Test, texts: Readonly<Record<string, string | Buffer>>) => {
  const proc = join(temporary(t), 'proc')
  const directory = join(proc, '7')
  mkdirSync(join(directory, 'ns'), { recursive: true })
  symlinkSync('ipc:[3]', join(directory, 'ns/ipc'))
  writeFileSync(join(directory, 'status'), lines('Name:\tzoo'))
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text)
  const kernel = fakeKernel({ pools: [{ size }] })
  const tree: FakeKernel = Object.create(kernel, { root: { value: '/' }, proc: { value: proc } })
  const scan = newScan(tree, undefined)
  return { scan, directory, look: (isHolder: boolean) => scanAreas(scan, '7', directory, isHolder) }
}

/** Two pages from 4 MiB on, and one from 8 MiB on. */
const anonymous = '00400000-00800000 rw-p 00000000 00:10 5    /anon_hugepage (deleted)'
const shared = '00800000-00a00000 rw-s 00200000 00:10 6    /memfd:x (deleted)'

const smapsOf = (line: string, flags: string, kilobytes = 2048) =>
  lines(line, `KernelPageSize:    ${kilobytes} kB`, `VmFlags: rd wr ${flags} `)

const none = { own: { frames: [], alone: 0n, together: 0n }, present: 0n, frameNodes: new Map() }

const anonymousArea = {
  process: owner,
  key: '00:10:5',
  size,
  path: '/anon_hugepage (deleted)',
  isPrivate: true,
  address: '00400000',
  first: 0n,
  length: 2n,
  ...none,
}

const sharedArea = {
  process: owner,
  key: '00:10:6',
  size,
  path: '/memfd:x (deleted)',
  isPrivate: false,
  address: '00800000',
  first: 1n,
  length: 1n,
  ...none,
}

t.test('areas whose device smaps tells', async (t) => {
  const smaps = smapsOf(anonymous, 'ht') + smapsOf(shared, 'ht nr')
  const { scan, look } = scanOf(t, { maps: lines(anonymous, shared), smaps })
  t.equal(look(true), undefined)
  t.strictSame(scan.areas, [
    { ...anonymousArea, reserves: true },
    { ...sharedArea, reserves: false },
  ])
  t.equal(scan.devices.sizeOf('00:10'), size)
  t.strictSame(
    [...scan.files],
    [['00:10:6', { key: '00:10:6', size, path: '/memfd:x (deleted)', isNamed: false }]],
  )
})

t.test('without smaps a device that is known tells', async (t) => {
  const { scan, look } = scanOf(t, { maps: lines(anonymous, shared) })
  t.equal(look(true), undefined)
  t.strictSame(scan.areas, [])
  scan.devices.learn('00:10', size)
  t.equal(look(false), undefined)
  t.strictSame(scan.areas, [anonymousArea, sharedArea])
})

t.test('frames of a pagemap', async (t) => {
  const pagemap = Buffer.alloc(0xa00 * 8)
  const present = 2n ** 63n
  const ofFile = 2n ** 61n
  pagemap.writeBigUInt64LE(present | 512n, 0x400 * 8)
  pagemap.writeBigUInt64LE(present | ofFile | 1024n, 0x600 * 8)
  pagemap.writeBigUInt64LE(present | ofFile | 1536n, 0x800 * 8)
  const smaps = smapsOf(anonymous, 'ht') + smapsOf(shared, 'ht')
  const { scan, look } = scanOf(t, { maps: lines(anonymous, shared), smaps, pagemap })
  t.equal(look(true), undefined)
  t.strictSame(scan.areas, [
    {
      ...anonymousArea,
      own: { frames: [512], alone: 0n, together: 0n },
      present: 2n,
      frameNodes: scan.nodes.of([512]),
    },
    { ...sharedArea, present: 1n, frameNodes: scan.nodes.of([1536]) },
  ])
})

t.test('smaps is read where some area has pages to come', async (t) => {
  const pagemap = Buffer.alloc(0xa00 * 8)
  pagemap.writeBigUInt64LE((2n ** 63n) | 1536n, 0x800 * 8)
  const smaps = smapsOf(anonymous, 'ht') + smapsOf(shared, 'ht nr')
  const { scan, look } = scanOf(t, { maps: lines(shared, anonymous), smaps, pagemap })
  scan.devices.learn('00:10', size)
  look(false)
  t.strictSame(
    scan.areas.map(({ reserves }) => reserves),
    [false, true],
  )
  const single = scanOf(t, { maps: lines(shared), smaps })
  single.scan.devices.learn('00:10', size)
  single.look(false)
  t.strictSame(single.scan.areas, [{ ...sharedArea, reserves: false }])
})

t.test('the files of areas', async (t) => {
  const maps = lines(
    '00400000-00600000 rw-p 00000000 00:10 5    /anon_hugepage (deleted)',
    '00600000-00800000 rw-s 00000000 00:10 6    /anon_hugepage (deleted)',
    '00800000-00a00000 rw-p 00000000 00:10 7    /mnt/huge/f',
  )
  const { scan, look } = scanOf(t, { maps })
  scan.devices.learn('00:10', size)
  look(false)
  t.strictSame([...scan.files.keys()], ['00:10:6', '00:10:7'])
})

t.test('a file that map_files leads to, and its pages', async (t) => {
  const line = '7f0000400000-7f0000401000 rw-s 00000000 00:10 6    /memfd:x'
  const { scan, directory, look } = scanOf(t, { maps: lines(line) })
  scan.devices.learn('00:10', 1024n)
  const file = join(directory, 'map_files/7f0000400000-7f0000401000')
  mkdirSync(join(directory, 'map_files'))
  writeFileSync(file, Buffer.alloc(4097, 1))
  look(false)
  const pages = statSync(file, { bigint: true }).blocks / 2n
  t.strictSame(
    [...scan.files.values()].map((found) => [found.pages, found.length]),
    [[pages, 5n]],
  )
})

t.test('a file that map_files leads to', async (t) => {
  const { scan, directory, look } = scanOf(t, { maps: lines(shared) })
  scan.devices.learn('00:10', size)
  mkdirSync(join(directory, 'map_files'))
  writeFileSync(join(directory, 'map_files/800000-a00000'), '')
  look(false)
  const file = {
    key: '00:10:6',
    size,
    path: '/memfd:x (deleted)',
    pages: 0n,
    length: 0n,
    isNamed: false,
    uid: process.getuid?.(),
  }
  t.strictSame([...scan.files.values()], [file])
})

t.test('a segment has the IPC namespace in its key', async (t) => {
  const line = '00800000-00a00000 rw-s 00000000 00:10 3    /SYSV00000000 (deleted)'
  const { scan, look } = scanOf(t, { maps: lines(line) })
  scan.devices.learn('00:10', size)
  look(false)
  const key = '00:10:3@ipc:[3]'
  const path = '/SYSV00000000 (deleted)'
  t.strictSame(scan.areas, [{ ...sharedArea, key, path, first: 0n }])
  t.strictSame([...scan.files.keys()], [key])
})

t.test('files that only have names like those of the kernel', async (t) => {
  const segment = '00800000-00a00000 rw-s 00000000 00:12 3    /SYSV00000000'
  const memory = '00c00000-00e00000 rw-p 00000000 00:12 4    /anon_hugepage (deleted)'
  const { scan, look } = scanOf(t, { maps: lines(segment, memory) })
  scan.devices.learnInternal('00:10', size)
  scan.devices.learn('00:12', size)
  look(false)
  const namesake = { isNamesake: true, first: 0n }
  t.strictSame(scan.areas, [
    { ...sharedArea, key: '00:12:3', path: '/SYSV00000000', ...namesake },
    {
      ...anonymousArea,
      ...{ key: '00:12:4', address: '00c00000', length: 1n },
      ...namesake,
    },
  ])
  t.strictSame([...scan.files.keys()], ['00:12:3', '00:12:4'], 'both have pages of their own')
})

t.test('what is no huge page', async (t) => {
  const small = '00400000-00800000 rw-p 00000000 00:11 5    /memfd:y (deleted)'
  const smaps = smapsOf(small, 'mr', 4)
  const { scan, look } = scanOf(t, { maps: lines(small), smaps })
  t.equal(look(false), undefined)
  t.notOk(scan.devices.isKnown('00:11'), 'smaps of one that is no holder is not read')
  t.equal(look(true), undefined)
  t.ok(scan.devices.isKnown('00:11'))
  t.equal(scan.devices.sizeOf('00:11'), undefined)
  t.strictSame([scan.areas, scan.files], [[], new Map()])
})

t.test('the device of anonymous pages is learnt, and of a holder every device', async (t) => {
  const other = '00800000-00a00000 rw-s 00000000 00:11 6    /memfd:x (deleted)'
  const smaps = smapsOf(anonymous, 'ht') + smapsOf(other, 'ht')
  const { scan, look } = scanOf(t, { maps: lines(anonymous, other), smaps })
  scan.devices.learn('00:10', size)
  look(false)
  t.notOk(scan.devices.isKnown('00:11'))
  look(true)
  t.equal(scan.devices.sizeOf('00:11'), size)
})

t.test('a size that the machine lacks, and small pages with that size', async (t) => {
  for (const [flags, kilobytes] of [
    ['ht', 64],
    ['mr', 2048],
  ] as const) {
    const smaps = smapsOf(anonymous, flags, kilobytes)
    const { scan, look } = scanOf(t, { maps: lines(anonymous), smaps })
    look(false)
    t.ok(scan.devices.isKnown('00:10'))
    t.strictSame(scan.areas, [])
  }
})

t.test('a device with a driver is not looked at', async (t) => {
  const disk = '00400000-00800000 rw-p 00000000 08:01 5    /usr/lib/x'
  const { scan, look } = scanOf(t, { maps: lines(disk), smaps: smapsOf(disk, 'ht') })
  look(true)
  t.notOk(scan.devices.isKnown('08:01'))
})

t.test('a process that is gone, and one that may not be looked into', async (t) => {
  const { scan, directory, look } = scanOf(t, {})
  t.equal(look(true), undefined)
  mkdirSync(join(directory, 'maps'))
  t.equal(look(true), 'EISDIR')
  t.strictSame(scan.areas, [])
})
