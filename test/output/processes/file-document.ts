import t from 'tap'
import { type FileRow, fileColumns } from '../../../src/output/processes/file-columns.ts'
import { cleanDocument, hugeFileDocument } from '../../../src/output/processes/file-document.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { hugeFile } from '../../helpers/huge-file.ts'
import { M } from '../../helpers/sizes.ts'

const file = hugeFile({
  path: '/mnt/huge/rtemap_0',
  reach: '/proc/7/root/mnt/huge/rtemap_0',
  uid: 64055,
  gid: 108,
  touched: Date.UTC(2026, 0, 2, 3, 4, 5),
  state: 'mapped',
  users: [
    { pid: 7, command: 'testpmd', use: 'mapped' },
    { pid: 8, command: 'testpmd', use: 'open' },
  ],
  nodes: [
    { node: 0, pages: 3n },
    { node: 1, pages: 1n },
  ],
  reserved: 0n,
  program: { program: 'DPDK', detail: 'prefix rte' },
})

t.test('every key of a file', async (t) => {
  t.strictSame(hugeFileDocument(file), {
    path: '/mnt/huge/rtemap_0',
    reachedBy: '/proc/7/root/mnt/huge/rtemap_0',
    reachable: undefined,
    mount: '/mnt/huge',
    pageSize: 2n * M,
    size: 8n * M,
    pages: 4n,
    reserved: 0n,
    nodes: [
      { node: 0, pages: 3n },
      { node: 1, pages: 1n },
    ],
    state: 'mapped',
    uid: 64055,
    gid: 108,
    mode: '0600',
    touched: '2026-01-02T03:04:05.000Z',
    users: [7, 8],
    program: 'DPDK (prefix rte)',
  })
  t.equal(hugeFileDocument(hugeFile({})).reachedBy, undefined)
})

t.test('every column of a file', async (t) => {
  const row: FileRow = { ...file, age: 7_200_000, removed: true }
  const names = fileColumns.map(({ name }) => name)
  const { rows } = textRows({ columns: fileColumns, rows: [row] }, names, {
    bytes: false,
    raw: true,
  })
  t.strictSame(Object.fromEntries(names.map((name, at) => [name, rows[0]?.[at]?.text])), {
    SIZE: '2M',
    STATE: 'mapped',
    PAGES: '4',
    LENGTH: '8M',
    RESERVED: '0',
    AGE: '2h',
    USERS: '7,8',
    PROGRAM: 'DPDK\\040(prefix\\040rte)',
    NODES: '0:3,1:1',
    UID: '64055',
    GID: '108',
    MODE: '0600',
    MOUNT: '/mnt/huge',
    REMOVED: 'yes',
    PATH: '/mnt/huge/rtemap_0',
  })
})

t.test('what --clean did', async (t) => {
  const returned = { pages: 4n, reservations: 0n, leftPool: 0n }
  const other = hugeFile({ path: '/mnt/huge/b' })
  t.strictSame(
    cleanDocument({
      chosen: [{ file }, { file: other, kept: 'young' }],
      removals: [{ file }, { file: other, left: 'name-taken', at: '/mnt/huge/.hugepool-1-b' }],
      restored: [{ file: other, to: '/mnt/huge/c', isDone: true }],
      returned,
    }),
    {
      removed: ['/mnt/huge/rtemap_0'],
      kept: [{ path: '/mnt/huge/b', reason: 'young' }],
      notRemoved: [{ path: '/mnt/huge/b', reason: 'name-taken', at: '/mnt/huge/.hugepool-1-b' }],
      restored: [{ path: '/mnt/huge/b', to: '/mnt/huge/c', done: true }],
      returned,
    },
  )
  const nothing = cleanDocument({ chosen: [], removals: [], restored: [], returned })
  t.notOk('restored' in nothing)
})

t.test('a file that nothing leads to', async (t) => {
  const { reachedBy, reachable } = hugeFileDocument(hugeFile({ reach: '' }))
  t.strictSame([reachedBy, reachable], [undefined, false])
  t.equal(hugeFileDocument(file).reachable, undefined)
})
