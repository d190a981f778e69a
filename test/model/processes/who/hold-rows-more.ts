import t from 'tap'
import type { FoundPages } from '../../../../src/model/processes/who/found-pages.ts'
import { holdsOf, isOnDevice } from '../../../../src/model/processes/who/hold-rows.ts'
import type { PageBooks } from '../../../../src/model/processes/who/page-books.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

const booksOf = (inUse: bigint, unexplained = 0n, of = size): PageBooks => ({
  size: of,
  inUse,
  explained: inUse - unexplained,
  unexplained,
  reservedExplained: 0n,
  isExceeded: false,
})

const rows = (found: Partial<FoundPages>, books: readonly PageBooks[] = [booksOf(4n)]) =>
  holdsOf({ ...nothingFound, ...found }, books)

const on = (pages: bigint) => [{ node: 0, pages }]

t.test('files that no process has', async (t) => {
  const files = new Map([
    fileOf('00:1f:5', 3n),
    fileOf('00:1f:6', 0n),
    fileOf('00:1f:7', 2n, { isNamed: false }),
    fileOf('00:1f:8', undefined),
    fileOf('00:20:9', 1n, { size: G }),
  ])
  t.strictSame(rows({ files }), [
    {
      kind: 'file',
      size,
      uid: 0,
      pages: 3n,
      nodes: on(3n),
      shared: true,
      name: '/mnt/huge/f',
      files: new Map([['00:1f:5', 3n]]),
      user: 'root',
    },
  ])
})

t.test('segments, and whether somebody has attached them', async (t) => {
  const segment = { key: '00:10:7@ipc:[1]', size, id: 7, ipcKey: 0x10, uid: 5, attached: 0 }
  const counts = { pages: 1n, length: 4n }
  const hold = {
    kind: 'segment',
    size,
    uid: 5,
    pages: 1n,
    reserved: 3n,
    nodes: on(1n),
    shared: true,
    name: 'SysV 7 (key 0x00000010), nobody attached',
    files: new Map([['00:10:7@ipc:[1]', 1n]]),
  }
  t.strictSame(rows({ segments: [{ ...segment, ...counts }] }), [hold])
  t.strictSame(rows({ segments: [{ ...segment, ...counts, attached: 1 }] }), [
    { ...hold, name: 'SysV 7 (key 0x00000010)' },
  ])
})

t.test('what a mount has reserved beside its files', async (t) => {
  const mount = { device: '00:1f', size, target: '/mnt/huge', minimum: 1n }
  t.strictSame(rows({ mounts: [mount, { ...mount, device: '00:20', minimum: 0n }] }), [
    {
      kind: 'mount',
      size,
      reserved: 1n,
      name: '/mnt/huge',
      files: new Map([['00:1f', 0n]]),
    },
  ])
})

t.test('buffers are told where pages are not explained', async (t) => {
  const buffers = [{ process: processNumber(7), keeper: 'io_uring', what: '1 buffer registered' }]
  const rest = { kind: 'unexplained', size, pages: 1n }
  t.strictSame(rows({ buffers }, [booksOf(4n, 1n), booksOf(4n, 0n, G)]), [
    { kind: 'buffer', size, process: processNumber(7), name: 'io_uring: 1 buffer registered' },
    rest,
  ])
  t.strictSame(rows({ buffers }), [])
})

t.test('processes that could not be looked into', async (t) => {
  const unseen = new Map([
    [5, { process: processNumber(5), bytes: 3n * size }],
    [6, { process: processNumber(6), bytes: 0n }],
  ])
  const hold = { kind: 'mapping', size, process: processNumber(5), pages: 3n }
  t.strictSame(rows({ unseen }), [hold])
  t.strictSame(rows({ unseen }, [booksOf(0n, 0n, G), booksOf(1n)]), [hold], 'the only pool in use')
  t.strictSame(rows({ unseen }, [booksOf(1n), booksOf(1n, 0n, G)]), [])
  t.strictSame(rows({ unseen }, [booksOf(0n)]), [])
})

t.test('rows that cannot be told apart become one', async (t) => {
  const first = areaOf(5, { frames: [512], key: '00:10:1' })
  const second = areaOf(5, { frames: [1024, 1536], key: '00:10:2' })
  const other = areaOf(6, { frames: [2048], key: '00:10:3' })
  const own = {
    kind: 'mapping',
    size,
    shared: false,
    name: 'anonymous',
  }
  const files = (...keys: readonly string[]) => new Map(keys.map((key) => [key, 0n]))
  t.strictSame(rows({ areas: [first, second, other] }), [
    {
      ...own,
      process: processNumber(5),
      pages: 3n,
      reserved: 5n,
      nodes: on(3n),
      files: files('00:10:1', '00:10:2'),
      areas: [first, second],
    },
    {
      ...own,
      process: processNumber(6),
      pages: 1n,
      reserved: 3n,
      nodes: on(1n),
      files: files('00:10:3'),
      areas: [other],
    },
  ])
})

t.test('rows without nodes or pages stay without when they become one', async (t) => {
  const descriptor = { size, path: '/f', way: 'open file' as const, process: processNumber(7) }
  const keys = ['00:1f:5', '00:1f:6']
  const found: FoundPages = {
    ...nothingFound,
    files: new Map(keys.map((key) => fileOf(key, undefined))),
    descriptors: keys.map((key) => ({ ...descriptor, key })),
  }
  t.strictSame(holdsOf(found, [booksOf(1n)]), [
    {
      kind: 'descriptor',
      size,
      process: processNumber(7),
      shared: true,
      name: '/f',
      files: new Map(keys.map((key) => [key, 0n])),
      areas: [],
    },
  ])
})

t.test('a row has the nodes that some of its parts have', async (t) => {
  const descriptor = { size, path: '/f', way: 'open file' as const, process: processNumber(7) }
  const files = new Map([fileOf('00:1f:5', undefined), fileOf('00:1f:6', 2n)])
  const descriptors = [...files.keys()].map((key) => ({ ...descriptor, key }))
  t.strictSame(
    rows({ files, descriptors }).map(({ pages, nodes }) => [pages, nodes]),
    [[2n, on(2n)]],
  )
})

t.test('the order of rows', async (t) => {
  const file = (key: string, pages: bigint, path: string, of = size) =>
    fileOf(key, pages, { path, size: of })
  const files = new Map([
    file('00:20:1', 1n, '/huge1G/a', G),
    file('00:1f:1', 1n, '/one'),
    file('00:1f:2', 3n, '/three'),
  ])
  const promising = (pid: number, length: bigint) => areaOf(pid, { key: `00:10:${pid}`, length })
  const found = {
    files,
    areas: [
      promising(5, 2n),
      promising(4, 3n),
      promising(9, 2n),
      promising(8, 2n),
      areaOf(3, { frames: [512], length: 1n, key: '00:10:3' }),
    ],
    mounts: [{ device: '00:2a', size, target: '/mnt', minimum: 2n }],
  }
  const books = [booksOf(9n, 5n), booksOf(1n, 0n, G)]
  t.strictSame(
    rows(found, books).map(({ kind, name, process }) => `${kind} ${process?.pid ?? name}`),
    [
      'file /three',
      'mapping 3',
      'file /one',
      'reservation 4',
      'mount /mnt',
      'reservation 5',
      'reservation 8',
      'reservation 9',
      'unexplained undefined',
      'file /huge1G/a',
    ],
  )
})

t.test('whether a hold is on a device', async (t) => {
  const hold = { kind: 'file', size } as const
  const files = new Map([
    ['00:1f:5', 1n],
    ['00:20:6', 1n],
  ])
  t.ok(isOnDevice({ ...hold, files }, '00:1f'))
  t.ok(isOnDevice({ ...hold, files }, '00:20'))
  t.notOk(isOnDevice({ ...hold, files }, '00:2'))
  t.notOk(isOnDevice(hold, '00:1f'))
})

t.test('where more is seen reserved than the kernel counts, each has it at most', async (t) => {
  const key = '00:10:6'
  const found = {
    files: new Map([fileOf(key, 1n, { isNamed: false })]),
    areas: [
      areaOf(5, { length: 2n }),
      areaOf(6, { key, isPrivate: false, length: 4n }),
      areaOf(7, { key: '00:20:1', frames: [512], length: 1n }),
    ],
  }
  const bounds = (reserved: bigint) =>
    rows(found, [{ ...booksOf(4n), reserved }]).map((one) => [one.reserved, one.reservedAtMost])
  t.strictSame(bounds(4n), [
    [3n, true],
    [0n, undefined],
    [2n, true],
  ])
  t.strictSame(bounds(5n), [
    [3n, undefined],
    [0n, undefined],
    [2n, undefined],
  ])
})

t.test('files that nobody has mapped can have what is reserved and not explained', async (t) => {
  const [open, left] = ['00:1f:5', '00:1f:6']
  const found = {
    files: new Map([
      fileOf(open ?? '', 0n, { length: 3n }),
      fileOf(left ?? '', 0n, { length: 1n, path: '/mnt/huge/left' }),
    ]),
    areas: [areaOf(5, { length: 2n })],
    descriptors: [
      {
        process: processNumber(7),
        key: open ?? '',
        size,
        path: '/mnt/huge/f',
        way: 'open file' as const,
      },
    ],
  }
  const reserved = (count: bigint) =>
    rows(found, [{ ...booksOf(0n), reserved: count }]).map((one) => [
      one.kind,
      one.reserved,
      one.reservedAtMost,
    ])
  t.strictSame(reserved(4n), [
    ['descriptor', 2n, true],
    ['reservation', 2n, undefined],
    ['file', 1n, true],
  ])
  t.strictSame(reserved(2n), [
    ['reservation', 2n, undefined],
    ['descriptor', undefined, undefined],
  ])
})
