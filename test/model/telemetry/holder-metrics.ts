import t from 'tap'
import type { PageBooks } from '../../../src/model/processes/who/page-books.ts'
import type { HolderProcess, PageHold } from '../../../src/model/processes/who/page-hold.ts'
import {
  heldKinds,
  holderMetrics,
  pagesByKind,
} from '../../../src/model/telemetry/holder-metrics.ts'
import { metricsFacts, samplesOf } from '../../helpers/metrics-facts.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

const zoe: HolderProcess = { pid: 5, uid: 1000, user: 'zoe', command: 'a' }
const nobody: HolderProcess = { pid: 6, uid: 1001, command: 'b' }

const file = (key: string, pages: bigint, more: Partial<PageHold> = {}): PageHold => ({
  kind: 'mapping',
  size,
  process: zoe,
  pages,
  files: new Map([[key, pages]]),
  ...more,
})

const holds: readonly PageHold[] = [
  file('00:1f:1', 3n),
  file('00:1f:1', 3n, { kind: 'descriptor', process: nobody }),
  file('00:1f:2', 4n, { kind: 'descriptor', process: nobody }),
  { kind: 'file', size, uid: 1000, user: 'zoe', pages: 6n, files: new Map([['00:1f:4', 6n]]) },
  { kind: 'segment', size: G, uid: 0, user: 'root', pages: 1n, files: new Map([['00:10:1', 1n]]) },
  { kind: 'mount', size, reserved: 9n, files: new Map([['00:1f', 0n]]) },
  { kind: 'unexplained', size, pages: 2n },
]

const books = (of: bigint, unexplained: bigint): PageBooks => ({
  size: of,
  inUse: 15n,
  explained: 13n,
  unexplained,
  reservedExplained: 0n,
  isExceeded: false,
})

const facts = metricsFacts({
  holders: { holds, books: [books(size, 2n), books(G, 0n)], unseen: 7 },
})

t.test('a page that is held in two ways counts once', async (t) => {
  t.strictSame(pagesByKind(holds, size), [
    ['mapping', 3n],
    ['descriptor', 4n],
    ['file', 6n],
    ['segment', 0n],
  ])
  t.strictSame(pagesByKind([{ kind: 'descriptor', size, pages: 5n }], size)[1], ['descriptor', 5n])
})

t.test('every kind has a sample, also without pages', async (t) => {
  t.strictSame(samplesOf('hugepool_held_pages', facts), [
    '2M mapping: 3',
    '2M descriptor: 4',
    '2M file: 6',
    '2M segment: 0',
    '1G mapping: 0',
    '1G descriptor: 0',
    '1G file: 0',
    '1G segment: 1',
  ])
  t.strictSame(heldKinds, ['mapping', 'descriptor', 'file', 'segment'])
})

t.test('by user, with those of files that nobody has open', async (t) => {
  t.strictSame(samplesOf('hugepool_user_held_pages', facts), [
    '2M 1000 zoe: 9',
    '2M 1001 : 7',
    '1G 0 root: 1',
  ])
})

t.test('what nobody accounts for, and who was not looked into', async (t) => {
  t.strictSame(samplesOf('hugepool_unexplained_pages', facts), ['2M: 2', '1G: 0'])
  t.strictSame(samplesOf('hugepool_unexplained_bytes', facts), [`2M: ${4n * M}`, '1G: 0'])
  t.strictSame(samplesOf('hugepool_unseen_processes', facts), [': 7'])
})

t.test('nothing where nobody looked', async (t) => {
  for (const { name } of holderMetrics) t.strictSame(samplesOf(name, metricsFacts()), [], name)
})

t.test('what is said of them', async (t) => {
  t.strictSame(
    holderMetrics
      .filter(({ unit }) => unit !== 'bytes')
      .map(({ name, type, help }) => [name, type, help]),
    [
      [
        'hugepool_held_pages',
        'gauge',
        'Pages in use by the way in which they are held, each counted once.',
      ],
      [
        'hugepool_user_held_pages',
        'gauge',
        'Pages in use that processes or files of the user hold; those that users share count for each.',
      ],
      ['hugepool_unexplained_pages', 'gauge', 'Pages in use that no holder accounts for.'],
      ['hugepool_unseen_processes', 'gauge', 'Processes that could not be looked into.'],
    ],
  )
})
