import t from 'tap'
import { bookWords } from '../../../../src/model/processes/who/book-words.ts'
import type { FoundPages } from '../../../../src/model/processes/who/found-pages.ts'
import type { PageBooks } from '../../../../src/model/processes/who/page-books.ts'
import { fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const balance = (inUse: bigint, explained: bigint, more: Partial<PageBooks> = {}): PageBooks => ({
  size: 2n * M,
  inUse,
  explained,
  unexplained: inUse - explained,
  reservedExplained: 0n,
  isExceeded: false,
  ...more,
})

const words = (books: PageBooks, found: Partial<FoundPages> = {}) =>
  bookWords(books, { ...nothingFound, ...found })

const may = 'a driver, a pinned buffer or a descriptor in flight may hold them'

t.test('one sentence for each pool', async (t) => {
  t.equal(words(balance(0n, 0n)), '2M: no page is in use')
  t.equal(words(balance(1n, 1n)), '2M: the page in use is explained')
  t.equal(words(balance(128n, 128n)), '2M: all 128 pages in use are explained')
  const unseen = new Map([1, 2, 3].map((pid) => [pid, { process: processNumber(pid), bytes: 0n }]))
  t.equal(
    words(balance(128n, 120n), { unseen }),
    `2M: 120 of 128 pages in use are explained; 8 are not: ${may}, or a process that could not be looked into: 1 (zoo), 2 (zoo), 3 (zoo)`,
  )
})

t.test('pinned pages are told apart, and what may have them', async (t) => {
  const lets = 'a driver or a pinned buffer has them until it lets go'
  const buffers = [{ process: processNumber(7), keeper: 'io_uring', what: '1 buffer registered' }]
  t.equal(
    words(balance(4n, 3n, { pinned: 1n }), { buffers }),
    `2M: 3 of 4 pages in use are explained; 1 is not: pinned, mapped by nobody, perhaps by io_uring of process 7 (zoo): ${lets.replace('them', 'it')}`,
  )
  t.equal(
    words(balance(1n, 0n)),
    `2M: the page in use is not explained: ${may.replace('them', 'it')}`,
  )
  t.equal(
    words(balance(9n, 3n, { pinned: 2n }), { inFlight: ['1 at socket 4 of process 9 (zoo)'] }),
    `2M: 3 of 9 pages in use are explained; 6 are not: 2 are pinned, mapped by nobody: ${lets}; of the other 4, a driver, a pinned buffer or a descriptor in flight (1 at socket 4 of process 9 (zoo)) may hold them`,
  )
})

t.test('of many names three are told', async (t) => {
  const inFlight = (count: number) => Array.from({ length: count }, (_, at) => `d${at + 1}`)
  const rest = (names: string) =>
    `2M: the page in use is not explained: a driver, a pinned buffer or a descriptor in flight (${names}) may hold it`
  t.equal(words(balance(1n, 0n), { inFlight: inFlight(3) }), rest('d1, d2, d3'))
  t.equal(words(balance(1n, 0n), { inFlight: inFlight(5) }), rest('d1, d2, d3 and 2 more'))
})

t.test('reservations are known as far as they are', async (t) => {
  t.equal(
    words(balance(0n, 0n, { reserved: 3n, reservedExplained: 3n })),
    '2M: no page is in use; 3 pages reserved, explained too',
  )
  t.equal(
    words(balance(1n, 1n, { reserved: 1n })),
    '2M: the page in use is explained; 1 page reserved, 0 of them explained',
  )
  t.equal(words(balance(0n, 0n, { reserved: -2n })), '2M: no page is in use')
})

t.test('files that nobody has mapped can have reservations that are not explained', async (t) => {
  const size = 2n * M
  const files = new Map([
    fileOf('00:1f:5', 0n, { length: 2n }),
    fileOf('00:1f:6', 0n, { length: 2n, size: 1024n * M }),
  ])
  const of = (reserved: bigint, reservedExplained: bigint) =>
    words(balance(0n, 0n, { size, reserved, reservedExplained }), { files })
  const start = '2M: no page is in use; 9 pages reserved, '
  t.equal(of(9n, 4n), `${start}4 of them explained, and perhaps 2 of files that nobody has mapped`)
  t.equal(of(9n, 8n), `${start}8 of them explained, and perhaps 1 of files that nobody has mapped`)
  t.equal(of(9n, 9n), `${start}explained too`)
})
