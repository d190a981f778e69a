import t from 'tap'
import {
  busyError,
  type Holder,
  holderLines,
  holdersBy,
  holdersOfMount,
  processesOf,
} from '../../../src/model/mounts/umount-holder.ts'
import { plural } from '../../../src/model/words/plural.ts'

const holder = (pid: number, more: Partial<Holder> = {}): Holder => ({
  pid,
  command: 'app',
  holds: 'open file',
  path: '/mnt/huge/a',
  ...more,
})

const unexamined = (pid: number) => ({ pid, command: 'app', errno: 'EACCES' })

t.test('a line for each, ten at most', async (t) => {
  const found = [holder(7), holder(8, { holds: 'working directory', path: '/mnt/huge' })]
  t.strictSame(holderLines({ found, unexamined: [] }), [
    'process 7 (app): open file /mnt/huge/a',
    'process 8 (app): working directory /mnt/huge',
  ])
  const many = Array.from({ length: 12 }, (_, pid) => holder(pid + 1))
  t.strictSame(
    holderLines({
      found: many,
      unexamined: [{ pid: 1, command: 'systemd', errno: 'EACCES' }],
    }).slice(9),
    [
      'process 10 (app): open file /mnt/huge/a',
      'and 2 more',
      'process 1 (systemd) could not be looked into: EACCES',
    ],
  )
  t.equal(holderLines({ found: many.slice(2), unexamined: [] }).length, 10)
  t.strictSame(holderLines({ found: [], unexamined: [1, 2, 3, 4, 5].map(unexamined) }), [
    'process 1 (app) could not be looked into: EACCES',
    'process 2 (app) could not be looked into: EACCES',
    'process 3 (app) could not be looked into: EACCES',
    'nor could 2 more processes',
  ])
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
  t.strictSame(busy.hint?.split('\n').length, 4)
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
