import t from 'tap'
import type { FoundPages, FoundSegment } from '../../../../src/model/processes/who/found-pages.ts'
import { holdsOf } from '../../../../src/model/processes/who/hold-rows.ts'
import { holderHints, type KnownHolders } from '../../../../src/model/processes/who/holder-hints.ts'
import type { PageBooks } from '../../../../src/model/processes/who/page-books.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

const full: PageBooks = {
  size,
  inUse: 12n,
  explained: 12n,
  unexplained: 0n,
  reserved: 0n,
  reservedExplained: 0n,
  isExceeded: false,
}

/** The hints for what was found, where the books are these. */
const hints = (
  changed: Partial<FoundPages>,
  books: Partial<PageBooks> = {},
  known: Partial<KnownHolders> = {},
): readonly string[] => {
  const found = { ...nothingFound, ...changed }
  const one = { ...full, ...books }
  const holds = holdsOf(found, [one])
  return holderHints({ books: one, found, holds, isOnlySize: true, isLive: true, ...known })
}

const mapped = (pid: number, ...frames: readonly number[]) =>
  areaOf(pid, { key: `00:10:${pid}`, frames, length: BigInt(frames.length) })

const left = (name: string, pages: bigint, length = pages, target = '/mnt/huge') =>
  fileOf(`00:1f:${name.charCodeAt(0)}`, pages, {
    path: `${target}/${name}`,
    target,
    reach: `${target}/${name}`,
    length,
  })

const open = (pid: number, key: string, path: string) =>
  ({ key, size, path, way: 'open file', process: processNumber(pid) }) as const

t.test('nothing that is known', async (t) => {
  t.strictSame(hints({}), [])
})

t.test('the largest three, and what shows the rest', async (t) => {
  const areas = [mapped(4, 1), mapped(5, 2, 3, 4), mapped(6, 5, 6), mapped(7, 7, 8, 9, 10)]
  const three = [
    '2M: process 7 (zoo) has 4 pages mapped',
    '2M: process 5 (zoo) has 3 pages mapped',
    '2M: process 6 (zoo) has 2 pages mapped',
  ]
  t.strictSame(hints({ areas: areas.slice(1) }), three)
  t.strictSame(hints({ areas }), [
    ...three,
    "2M: and 1 more holder: 'hugepool who 2M' shows the rest",
  ])
  const more = [...areas, mapped(8, 11)]
  t.equal(hints({ areas: more }).at(-1), "2M: and 2 more holders: 'hugepool who 2M' shows the rest")
})

t.test('a process is one holder, whatever it has', async (t) => {
  const files = new Map([fileOf('00:10:1', 3n), fileOf('00:10:2', 2n)])
  const named = [...files.values()].map((file) => ({ ...file, isNamed: false }))
  const found = { files: new Map(named.map((file) => [file.key, file])) }
  const one = open(7, '00:10:1', '/memfd:ram (deleted)')
  const two = open(7, '00:10:2', '/mnt/huge/a (deleted)')
  t.strictSame(hints({ ...found, descriptors: [one] }), [
    '2M: process 7 (zoo) has /memfd:ram (deleted) open, with 3 pages',
  ])
  t.strictSame(hints({ ...found, descriptors: [one, two] }), [
    '2M: process 7 (zoo) has 2 files open, with 5 pages',
  ])
  t.strictSame(hints({ ...found, descriptors: [one], areas: [mapped(7, 1)] }), [
    '2M: process 7 (zoo) has 4 pages mapped or in open files',
  ])
})

t.test('what is reserved, and no more than the pool has', async (t) => {
  const areas = [areaOf(7, { length: 4n }), areaOf(8, { key: '00:10:2', frames: [1], length: 3n })]
  const books = { reserved: 6n, reservedExplained: 6n }
  t.strictSame(hints({ areas }, books), [
    '2M: process 7 (zoo) has a mapping without a page so far, and can have up to 4 reserved',
    '2M: process 8 (zoo) has 1 page mapped, and can have up to 2 more reserved',
  ])
  t.strictSame(hints({ areas }, { reserved: 1n, reservedExplained: 1n }), [
    '2M: process 8 (zoo) has 1 page mapped, and can have up to 1 more reserved',
    '2M: process 7 (zoo) has a mapping without a page so far, and can have up to 1 reserved',
  ])
  t.strictSame(hints({ areas }, { reserved: -1n }), ['2M: process 8 (zoo) has 1 page mapped'])
})

const clean =
  "/mnt/huge: files stay when processes end: 'hugepool files /mnt/huge --clean' removes those that nobody has, and 'hugepool umount /mnt/huge --dry-run' tells what would go with it"

t.test('files that nobody has', async (t) => {
  t.strictSame(hints({ files: new Map([left('a', 3n), left('b', 1n)]) }), [
    '2M: 2 files on /mnt/huge keep 4 pages, and nobody is seen to have them',
    clean,
  ])
  t.strictSame(hints({ files: new Map([left('a', 1n)]) }), [
    '2M: 1 file on /mnt/huge keeps 1 page, and nobody is seen to have it',
    clean,
  ])
})

t.test('reservations of mappings that are gone', async (t) => {
  const files = new Map([left('a', 0n, 4n), left('b', 1n, 3n)])
  t.strictSame(hints({ files }, { reserved: 5n }), [
    '2M: 2 files on /mnt/huge keep 1 page and up to 5 reservations, and nobody is seen to have them',
    clean,
  ])
  t.strictSame(hints({ files: new Map([left('a', 0n, 4n)]) }, { reserved: 1n }), [
    '2M: 1 file on /mnt/huge keeps up to 1 reservation, and nobody is seen to have it',
    clean,
  ])
  t.strictSame(
    hints({ files: new Map([left('a', 0n, 4n)]) }),
    [],
    'an empty file holds nothing where nothing is reserved',
  )
  const unseen = new Map([[9, { process: processNumber(9), bytes: 0n }]])
  t.strictSame(hints({ files: new Map([left('b', 1n)]), unseen }, { reserved: 2n }), [
    '2M: 1 file on /mnt/huge keeps 1 page, and nobody is seen to have it',
    '2M: 2 reservations are not explained: of a mapping that is gone, whose file is still there, or of a process that could not be looked into: 9 (zoo)',
    clean,
  ])
  t.match(hints({}, { reserved: 1n }), [/^2M: 1 reservation is not explained: /])
  t.strictSame(hints({}, { reserved: 1n }, { isLive: false }), [])
})

t.test('files that processes have stay too', async (t) => {
  const [key, file] = left('a', 2n)
  const files = new Map([[key, file]])
  t.strictSame(hints({ files, descriptors: [open(7, key, '/mnt/huge/a')] }), [
    '2M: process 7 (zoo) has /mnt/huge/a open, with 2 pages',
    "/mnt/huge: files stay when processes end: rm those not needed, or 'hugepool umount /mnt/huge --dry-run' tells what would go with it",
  ])
  const empty = new Map([[key, { ...file, pages: 0n }]])
  t.strictSame(hints({ files: empty, descriptors: [open(7, key, '/mnt/huge/a')] }), [])
  const far = new Map([[key, { ...file, reach: '/proc/7/root/mnt/huge/a' }]])
  t.equal(hints({ files: far, descriptors: [open(7, key, '/mnt/huge/a')] }).length, 1)
})

t.test('files on a mount of another namespace are named by what leads there', async (t) => {
  const [key, file] = left('a', 2n)
  t.strictSame(hints({ files: new Map([[key, { ...file, reach: '/proc/7/root/mnt/huge/a' }]]) }), [
    '2M: 1 file on /proc/7/root/mnt/huge keeps 2 pages, and nobody is seen to have it',
    "/proc/7/root/mnt/huge: files stay when processes end: 'hugepool files /proc/7/root/mnt/huge --clean' removes those that nobody has",
  ])
  const detached = { ...file, path: '/a', target: '/', reach: '/proc/7/cwd/a' }
  t.match(hints({ files: new Map([[key, detached]]) })[0], /1 file on \/proc\/7\/cwd keeps/)
})

t.test('minimum sizes', async (t) => {
  const mount = { device: '00:1f', size, target: "/it's", minimum: 4n }
  const books = { reserved: 4n, reservedExplained: 4n }
  t.strictSame(hints({ mounts: [mount] }, books), [
    "2M: the minimum size of /it's has 4 pages reserved",
    `/it's: the minimum size stays reserved until it is unmounted: "hugepool umount '/it'\\''s' --dry-run" tells what would go with it; mounted again without --min-size it reserves nothing`,
  ])
  t.equal(hints({ mounts: [{ ...mount, isElsewhere: true }] }, books).length, 1, 'not from here')
})

const segment: FoundSegment = {
  key: '00:10:3@ipc:[1]',
  size,
  id: 3,
  ipcKey: 0,
  uid: 26,
  attached: 0,
  pages: 4n,
  length: 4n,
}

t.test('segments', async (t) => {
  const removes = "'ipcrm -m 3' removes the segment to which nobody is attached"
  t.strictSame(hints({ segments: [segment] }), [
    '2M: SysV segment 3 of user 26 has 4 pages, nobody attached',
    removes,
  ])
  const origin = { bytes: 4n, gid: 0, mode: 0o600, touched: 0 }
  const made = (isCreatorGone: boolean) => ({
    segments: [segment],
    origins: new Map([[segment.key, { ...origin, isCreatorGone }]]),
  })
  t.equal(hints(made(false)).at(-1), removes)
  t.equal(
    hints(made(true)).at(-1),
    "'hugepool files --segments 3 --clean' removes the segment, which nobody has attached and whose creator is gone",
  )
  t.strictSame(hints({ segments: [{ ...segment, uid: 0, pages: 1n, attached: 2 }] }), [
    '2M: SysV segment 3 of user root has 1 page, and 3 reserved, 2 processes attached',
  ])
  t.strictSame(hints({ segments: [{ ...segment, isElsewhere: true }] }), [
    '2M: SysV segment 3 of user 26 has 4 pages, nobody attached',
  ])
  const area = areaOf(7, { key: segment.key, isPrivate: false, path: '/SYSV00000000 (deleted)' })
  const files = new Map([fileOf(segment.key, 4n, { isNamed: false })])
  t.strictSame(
    hints({ segments: [{ ...segment, attached: 1 }], areas: [area], files }),
    ['2M: process 7 (zoo) has 4 pages mapped'],
    'the process that has it attached is named',
  )
})

t.test('segments whose pages may be small', async (t) => {
  const doubtful = [segment, { ...segment, key: '?:?:4', id: 4, size: G, pages: 1n }]
  t.strictSame(hints({ doubtful }), [], 'where all is explained they are')
  t.strictSame(hints({ doubtful }, { unexplained: 4n }), [
    '2M: SysV segment 3 of user 26 has 4 pages, if its pages are huge, nobody attached',
  ])
  t.match(hints({ doubtful }, { unexplained: 5n }).at(-1), /or a SysV segment, if .* huge \(1\)$/)
})

t.test('what nobody explains', async (t) => {
  const may = 'a driver, a pinned buffer or a descriptor in flight may hold them'
  t.strictSame(hints({}, { unexplained: 2n }), [`2M: 2 pages in use are not explained: ${may}`])
  t.strictSame(hints({}, { unexplained: 1n, pinned: 1n }), [
    '2M: 1 page in use is not explained: pinned, mapped by nobody: a driver or a pinned buffer has it until it lets go',
  ])
  t.strictSame(hints({}, { unexplained: 2n }, { isLive: false }), [])
})

t.test('processes that could not be looked into', async (t) => {
  const unseen = new Map([[7, { process: processNumber(7), bytes: 3n * size }]])
  const named = '2M: process 7 (zoo) has 3 pages mapped'
  t.strictSame(hints({ unseen }, { unexplained: 3n }), [named])
  t.match(hints({ unseen }, { unexplained: 4n }), [
    named,
    /^2M: 4 pages in use are not explained: .*, or a process that could not be looked into: 7 \(zoo\)$/,
  ])
  t.strictSame(hints({ unseen }, { unexplained: 3n }, { holds: [], isOnlySize: false }), [
    '2M: process 7 (zoo) has huge pages mapped, perhaps of 2M',
    '2M: 3 pages in use are not explained: a driver, a pinned buffer or a descriptor in flight may hold them, or a process that could not be looked into: 7 (zoo)',
  ])
})

t.test('directories that could not be read, and files that were not asked', async (t) => {
  const unread = [
    { size, path: '/closed' },
    { size: G, path: '/large' },
  ]
  const unasked = [{ process: processNumber(7), path: '/kept' }]
  t.strictSame(hints({ unread, unasked }), [], 'where all is explained')
  t.strictSame(hints({ unread }, { reserved: 1n }, { isLive: false }), [
    '2M: the files on /closed could not be looked at',
  ])
  t.strictSame(hints({ unread, unasked }, { unexplained: 1n }), [
    '2M: process 7 (zoo) has /kept open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed',
    '2M: 1 page in use is not explained: a driver, a pinned buffer or a descriptor in flight may hold it, or files in a directory that could not be read (1)',
    '2M: the files on /closed could not be looked at',
  ])
})
