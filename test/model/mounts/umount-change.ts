import t from 'tap'
import {
  livesOn,
  returnedPages,
  type UmountChange,
  umountWords,
} from '../../../src/model/mounts/umount-change.ts'
import type { Holder } from '../../../src/model/mounts/umount-holder.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const mount = {
  target: '/h',
  device: '0:39',
  source: 'none',
  pageSize: size,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,pagesize=2M',
  hidden: false,
}

const result = (more: Partial<UmountChange> = {}): UmountChange => ({
  mount,
  lazy: false,
  keepers: { found: [], unexamined: [] },
  elsewhere: [],
  ...more,
})

const keeper = (pid: number): Holder => ({ pid, command: 'app', holds: 'mapping', path: '/h/a' })
const returned = (pages: bigint, reservations: bigint, leftPool = 0n) => ({
  pageSize: size,
  pages,
  reservations,
  leftPool,
})
const unexamined = (pid: number) => ({ pid, command: 'app', errno: 'EACCES' })

t.test('what came back is what is no longer in use or reserved', async (t) => {
  const before = poolOf(size, { total: 16n, free: 13n, reserved: 1n })
  const after = poolOf(size, { total: 16n, free: 16n, reserved: 0n })
  t.strictSame(returnedPages(before, after), returned(3n, 1n))
  const surplus = poolOf(size, { total: 4n, free: 4n, reserved: 4n, surplus: 4n })
  const none = poolOf(size)
  t.strictSame(returnedPages(surplus, none), returned(0n, 4n, 4n), 'reserved surplus pages')
  const inUse = poolOf(size, { total: 4n, free: 0n, surplus: 4n })
  t.strictSame(returnedPages(inUse, none), returned(4n, 0n, 4n), 'surplus pages leave the pool')
  t.strictSame(returnedPages(after, before), returned(0n, 0n), 'others took some: never below none')
  const some = poolOf(size, { total: 8n, free: 0n, surplus: 5n })
  const left = poolOf(size, { total: 3n, free: 3n })
  t.strictSame(returnedPages(some, left), returned(8n, 0n, 5n), 'a part of them leaves')
  const grown = poolOf(size, { total: 8n, free: 8n })
  t.strictSame(returnedPages(some, grown), returned(8n, 0n, 0n), 'surplus that became persistent')
})

t.test('files go away with their mount', async (t) => {
  t.strictSame(umountWords(result()), [])
  t.strictSame(
    umountWords(result({ files: { files: 2n, pages: 3n }, returned: returned(3n, 1n) })),
    [
      '/h: 2 files with 3 pages went away with it',
      '/h: 3 pages and 1 reservation came back to the pool of 2M',
    ],
  )
  t.strictSame(
    umountWords(result({ files: { files: 1n, pages: 3n }, returned: returned(1n, 0n) })),
    [
      '/h: 1 file with 3 pages went away with it',
      '/h: 2 pages did not come back: pinned by a driver, io_uring or another user of the kernel that hugepool cannot see, or in use again',
      '/h: 1 page came back to the pool of 2M',
    ],
  )
  t.strictSame(
    umountWords(result({ files: { files: 1n, pages: 1n }, returned: returned(0n, 0n) })),
    [
      '/h: 1 file with 1 page went away with it',
      '/h: 1 page did not come back: pinned by a driver, io_uring or another user of the kernel that hugepool cannot see, or in use again',
    ],
  )
  t.strictSame(umountWords(result({ files: { files: 0n, pages: 0n } })), [], 'there were none')
  t.strictSame(
    umountWords(result({ files: { files: 1n, pages: 0n } })),
    ['/h: 1 file with 0 pages went away with it'],
    'what a pool has that cannot be read is not missed',
  )
  t.strictSame(umountWords(result({ returned: returned(0n, 4n), uncovered: 'tmpfs' })), [
    '/h: 4 reservations came back to the pool of 2M',
    '/h: the tmpfs that it hid is there now',
  ])
})

t.test('surplus pages do not come back to the pool', async (t) => {
  const files = { files: 1n, pages: 8n }
  t.strictSame(umountWords(result({ files, returned: returned(8n, 0n, 5n) })), [
    '/h: 1 file with 8 pages went away with it',
    '/h: 3 pages came back to the pool of 2M',
    '/h: 5 surplus pages left the pool of 2M for the rest of memory',
  ])
  t.strictSame(umountWords(result({ returned: returned(0n, 1n, 1n) })), [
    '/h: 1 reservation came back to the pool of 2M',
    '/h: 1 surplus page left the pool of 2M for the rest of memory',
  ])
})

t.test('after a lazy removal the file system can live on', async (t) => {
  const busy = result({
    mount: { ...mount, minSize: 8n * M },
    lazy: true,
    files: { files: 2n, pages: 3n },
    keepers: { found: [keeper(7), keeper(8)], unexamined: [] },
    returned: returned(0n, 0n),
  })
  t.ok(livesOn(busy))
  t.strictSame(umountWords(busy), [
    '/h: in use by 2 processes: it lives on, in no mount table, until they let go',
    '/h: it keeps 2 files with 3 pages and what is left of its minimum size',
  ])
  const one = result({ lazy: true, keepers: { found: [keeper(7)], unexamined: [unexamined(1)] } })
  t.strictSame(umountWords(one), [
    '/h: in use by 1 process: it lives on, in no mount table, until it lets go',
    '/h: it keeps its files',
  ])
  const unseen = result({
    lazy: true,
    keepers: { found: [], unexamined: [1, 2, 3, 4].map(unexamined) },
  })
  t.strictSame(umountWords(unseen), [
    '/h: process 1 (app) could not be looked into: EACCES',
    '/h: process 2 (app) could not be looked into: EACCES',
    '/h: process 3 (app) could not be looked into: EACCES',
    '/h: nor could 1 more process',
  ])
})

t.test('the same file system elsewhere', async (t) => {
  const words = umountWords(
    result({
      files: { files: 1n, pages: 2n },
      elsewhere: [{ target: '/x' }, { target: '/h', process: { pid: 9, command: 'vm' } }],
    }),
  )
  t.strictSame(words, [
    '/h: the same file system is mounted on /x',
    '/h: the same file system is mounted on /h in the mount namespace of process 9 (vm)',
    '/h: it keeps 1 file with 2 pages',
  ])
})
