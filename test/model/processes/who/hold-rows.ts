import t from 'tap'
import { holdsOf } from '../../../../src/model/processes/who/hold-rows.ts'
import type { PageBooks } from '../../../../src/model/processes/who/page-books.ts'
import { sumHolds } from '../../../../src/model/processes/who/sum-holds.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

const books: PageBooks = {
  size,
  inUse: 12n,
  explained: 11n,
  unexplained: 1n,
  reservedExplained: 0n,
  isExceeded: false,
}

const key = '00:1f:5'
const descriptor = { size, path: '/mnt/huge/f', way: 'open file' } as const

t.test('a row for each hold, those with most pages first', async (t) => {
  const found = {
    ...nothingFound,
    files: new Map([fileOf(key, 3n), fileOf('00:1f:6', 2n, { path: '/mnt/huge/left' })]),
    areas: [
      areaOf(5, { frames: [512, 1024, 1536, 2048] }),
      areaOf(6, { frames: [1536, 2048, 2560, 3072], process: processNumber(6, 5) }),
      areaOf(7, { key, isPrivate: false, path: '/mnt/huge/f', length: 3n }),
    ],
    descriptors: [
      { ...descriptor, key, process: processNumber(7) },
      { ...descriptor, key, process: processNumber(8) },
      {
        ...descriptor,
        key: '00:1f:1',
        path: '/mnt/huge',
        way: 'root' as const,
        process: processNumber(9),
      },
    ],
  }
  const holds = holdsOf(found, [books])
  t.strictSame(
    holds.map(({ kind, process, pages, shared, name }) => [
      kind,
      process?.pid,
      pages,
      shared,
      name,
    ]),
    [
      ['mapping', 5, 4n, true, 'anonymous'],
      ['mapping', 6, 4n, true, 'anonymous'],
      ['mapping', 7, 3n, true, '/mnt/huge/f'],
      ['descriptor', 8, 3n, true, '/mnt/huge/f'],
      ['file', undefined, 2n, true, '/mnt/huge/left'],
      ['descriptor', 9, 0n, true, '/mnt/huge (root)'],
      ['unexplained', undefined, 1n, undefined, undefined],
    ],
  )
  t.strictSame(
    sumHolds(holds, 'user').map(({ user, kind, pages }) => [user, kind, pages]),
    [
      ['root', undefined, 11n],
      [undefined, 'unexplained', 1n],
    ],
    'a file and a frame of several holders count once',
  )
})
