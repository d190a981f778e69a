import t from 'tap'
import { busyError, holderLines } from '../../../src/model/mounts/holder-lines.ts'
import {
  copiesOf,
  type Holder,
  holderDocument,
  holdersBy,
  holdersOfMount,
  processesOf,
} from '../../../src/model/mounts/umount-holder.ts'
import { plural } from '../../../src/model/words/plural.ts'
import { M } from '../../helpers/sizes.ts'

const holder = (pid: number, more: Partial<Holder> = {}): Holder => ({
  pid,
  command: 'app',
  holds: 'open file',
  path: '/mnt/huge/a',
  ...more,
})

const unexamined = (pid: number) => ({ pid, command: 'app', errno: 'EACCES' })

const mount = { pageSize: 2n * M, target: '/mnt/huge' }

const fileWith = (inode: bigint, pages: bigint) => ({ inode, bytes: pages * 2n * M, named: true })

t.test('a line for each process, ten at most', async (t) => {
  const found = [holder(7), holder(8, { holds: 'working directory', path: '/mnt/huge' })]
  t.strictSame(holderLines({ found, unexamined: [] }, mount), [
    'process 7 (app): open file /mnt/huge/a',
    'process 8 (app): working directory /mnt/huge',
  ])
  const many = Array.from({ length: 12 }, (_, pid) => holder(pid + 1))
  const all = { found: many, unexamined: [{ pid: 1, command: 'systemd', errno: 'EACCES' }] }
  const last = 'process 1 (systemd) could not be looked into: EACCES'
  t.strictSame(holderLines(all, mount).slice(9), [
    'process 10 (app): open file /mnt/huge/a',
    "and 2 more, which 'hugepool who --mount /mnt/huge' shows",
    last,
  ])
  t.strictSame(holderLines(all, { pageSize: 2n * M }).slice(10), ['and 2 more', last])
  t.equal(holderLines({ found: many.slice(2), unexamined: [] }, mount).length, 10)
  t.strictSame(holderLines({ found: [], unexamined: [1, 2, 3, 4, 5].map(unexamined) }, mount), [
    'process 1 (app) could not be looked into: EACCES',
    'process 2 (app) could not be looked into: EACCES',
    'process 3 (app) could not be looked into: EACCES',
    'nor could 2 more processes',
  ])
})

t.test('many files of one process hide nobody, and most pages come first', async (t) => {
  const files = Array.from({ length: 129 }, (_, at) => {
    const file = { path: `/mnt/huge/rtemap_${at}`, file: fileWith(BigInt(at), 2n) }
    return [holder(7, { ...file, holds: 'mapping' }), holder(7, file)]
  }).flat()
  const shell = holder(5, { holds: 'working directory', path: '/mnt/huge' })
  const one = { path: '/mnt/huge/a', file: fileWith(500n, 3n) }
  const both = [holder(9, one), holder(9, { ...one, holds: 'mapping' })]
  t.strictSame(holderLines({ found: [shell, ...both, ...files], unexamined: [] }, mount), [
    'process 7 (app): 129 files, 258 pages',
    'process 9 (app): open file and mapping /mnt/huge/a, 3 pages',
    'process 5 (app): working directory /mnt/huge',
  ])
})

t.test('what a process wrote to a private mapping counts, and each frame once', async (t) => {
  const file = fileWith(500n, 0n)
  const own = { frames: [512, 1024], unplaced: 0 }
  const found = [
    holder(7, { holds: 'mapping', file, own }),
    holder(8, { holds: 'mapping', file, own: { frames: [1024, 1536], unplaced: 1 } }),
  ]
  t.strictSame(holderLines({ found, unexamined: [] }, mount), [
    'process 8 (app): mapping /mnt/huge/a, 3 pages',
    'process 7 (app): mapping /mnt/huge/a, 2 pages',
  ])
  t.equal(copiesOf(found), 4n)
  t.strictSame(
    found.map(holderDocument(2n * M)).map(({ pages }) => pages),
    [2n, 3n],
  )
})

t.test('who holds one mount of a file system', async (t) => {
  const here = holder(1, { mountId: 30 })
  const unknown = holder(2, { holds: 'mapping' })
  const there = holder(3, { mountId: 31 })
  const all = { found: [here, unknown, there], unexamined: [unexamined(8)] }
  t.strictSame(holdersOfMount(all, 30), { found: [here, unknown], unexamined: [unexamined(8)] })
  t.strictSame(holdersBy({ found: [there], unexamined: [] }, 30).found, [], 'certainly busy')
  t.strictSame(
    holdersOfMount({ found: [there], unexamined: [] }, 30).found,
    [there],
    'better than none',
  )
})

t.test('a busy mount is told with its holders', async (t) => {
  const found = [holder(1), holder(1, { holds: 'mapping' }), holder(2)]
  const busy = busyError('/mnt/huge', { found, unexamined: [] }, 2n)
  t.match(busy, { code: /^E_KERNEL$/, message: /^\/mnt\/huge: busy: 2 processes hold it$/ })
  t.strictSame(busy.hint?.split('\n').length, 3)
  t.match(busy.hint, /^--lazy detaches it now; its pages return when the last process lets go$/m)
  t.notOk('unexamined' in busy.details)
  const more = busyError('/mnt/huge', { found, unexamined: [unexamined(4)] }, 2n)
  t.strictSame(more.details.unexamined, [unexamined(4)])
  const one = busyError('/mnt/huge', { found: [holder(1)], unexamined: [] }, 2n)
  t.equal(one.message, '/mnt/huge: busy: 1 process holds it')
  const none = busyError('/mnt/huge', { found: [], unexamined: [] }, 2n)
  t.equal(none.message, '/mnt/huge: busy, but no process was found that holds it')
})

t.test('numbers with their nouns', async (t) => {
  t.equal(processesOf([holder(1), holder(1, { holds: 'mapping' }), holder(2)]), 2)
  t.equal(plural(1n, 'page'), '1 page')
  t.equal(plural(0, 'file'), '0 files')
  t.equal(plural(2, 'process', 'processes'), '2 processes')
})

t.test('who could not be looked for', async (t) => {
  const hidden = { found: [], unexamined: [], hidden: 'users' } as const
  t.strictSame(holderLines(hidden, mount), [
    'it may be held by processes of other users, which /proc hides (hidepid)',
  ])
  const unlooked = { found: [], unexamined: [], unlooked: 'looking for them: too many files' }
  t.strictSame(holderLines(unlooked, mount), [
    'who holds it is not known: looking for them: too many files',
  ])
  t.equal(busyError('/mnt/huge', unlooked, 2n * M).message, '/mnt/huge: busy')
  t.equal(
    busyError('/mnt/huge', hidden, 2n * M).message,
    '/mnt/huge: busy, but no process was found that holds it',
  )
  t.strictSame(holdersBy(hidden, 7), hidden)
})
