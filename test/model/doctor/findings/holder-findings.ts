import t from 'tap'
import {
  filesLeft,
  pagesUnexplained,
} from '../../../../src/model/doctor/findings/holder-findings.ts'
import type { KnownHolding } from '../../../../src/model/doctor/findings/known-machine.ts'
import type { PageBooks } from '../../../../src/model/processes/who/page-books.ts'
import { nothingFound } from '../../../helpers/found-pages.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'
import { knownPools } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const known = (of: Partial<KnownHolding>) =>
  knownPools([], { holding: { books: [], found: nothingFound, left: [], ...of } })

const books = (of: Partial<PageBooks>): PageBooks => ({
  size: 2n * M,
  inUse: 40n,
  explained: 40n,
  unexplained: 0n,
  reservedExplained: 0n,
  isExceeded: false,
  ...of,
})

t.test('a machine whose holders were not looked for', async (t) => {
  const unseen = knownPools([])
  t.strictSame([pagesUnexplained(unseen), filesLeft(unseen)], [[], []])
})

t.test('pages that nobody who was found has', async (t) => {
  const found = { ...nothingFound, inFlight: ['process 8 (zoo)'] }
  const all = [books({ unexplained: 2n }), books({}), books({ size: G, unexplained: 1n })]
  t.strictSame(pagesUnexplained(known({ books: all, found })), [
    {
      level: 'warning',
      what: '2 pages of 2M are in use by nobody who was found: a driver, a pinned buffer or a descriptor in flight (process 8 (zoo)) may hold them',
      hints: ["'hugepool who 2M --all' shows everybody who may have them"],
    },
    {
      level: 'warning',
      what: '1 page of 1G is in use by nobody who was found: a driver, a pinned buffer or a descriptor in flight (process 8 (zoo)) may hold it',
      hints: ["'hugepool who 1G --all' shows everybody who may have them"],
    },
  ])
  t.strictSame(pagesUnexplained(known({ books: [books({})] })), [])
})

t.test('files that nobody has, mount by mount', async (t) => {
  const hints = ["'hugepool files --clean --dry-run' shows what can be removed"]
  const one = hugeFile({ mount: '/mnt/1G', pageSize: G, pages: 1n })
  const left = [hugeFile({ pages: 3n }), one, hugeFile({ pages: 4n })]
  t.strictSame(filesLeft(known({ left })), [
    {
      level: 'warning',
      what: '2 files on /mnt/huge keep 7 pages of 2M, and nobody has them',
      hints,
    },
    { level: 'warning', what: '1 file on /mnt/1G keeps 1 page of 1G, and nobody has it', hints },
  ])
  t.strictSame(filesLeft(known({})), [])
})
