import t from 'tap'
import {
  type CopiedFile,
  copyNotes,
  holesOf,
  plannedNotes,
} from '../../../../src/model/mapping/copying/copy-result.ts'
import { M } from '../../../helpers/sizes.ts'

const copied: CopiedFile = {
  kind: 'copied',
  plan: {
    source: '/a',
    target: '/huge/a',
    onto: true,
    pageSize: 2n * M,
    bytes: 5n * M,
    length: 6n * M,
    skipsZeros: false,
    pages: 3n,
    steps: ['create', 'reserve', 'copy', 'name'],
  },
  bytes: 5n * M,
  length: 6n * M,
  pages: 3n,
  placement: [],
  seconds: 1,
  verified: false,
}

t.test('holes are the pages of the file on hugetlbfs that are not there', async (t) => {
  t.equal(holesOf(copied), 0n)
  t.equal(holesOf({ ...copied, pages: 1n }), 2n)
  const plan = { ...copied.plan, onto: false }
  t.equal(holesOf({ ...copied, plan, pages: 1n, bytes: 4n * M, length: 4n * M }), 1n)
  t.equal(holesOf({ ...copied, plan, pages: 3n, bytes: 1n }), 0n, 'pages beyond its length')
})

t.test('what is said of a copy', async (t) => {
  const rounded =
    '/huge/a: rounded up to whole pages of 2M: 1048576 zero bytes at the end that the source does not have'
  t.strictSame(copyNotes(copied), [rounded])
  t.strictSame(copyNotes({ ...copied, pages: 2n }), [
    rounded,
    '/huge/a: 1 page is a hole: a program that touches one needs a page of the pool for it',
  ])
  const plan = { ...copied.plan, onto: false }
  t.strictSame(copyNotes({ ...copied, plan, pages: 0n }), [])
})

t.test('what is said beforehand', async (t) => {
  const { bytes, length, pages, ...unknown } = copied.plan
  t.strictSame([bytes, length, pages], [5n * M, 6n * M, 3n])
  t.strictSame(plannedNotes({ ...unknown, source: '-' }), [
    'standard input: its length is not known, so neither is the number of pages',
  ])
  t.strictSame(plannedNotes({ ...unknown, bytes: 4n * M }), [
    '/a: hugetlbfs does not show where its holes are, so they are found while copying',
  ])
  t.strictSame(plannedNotes({ ...unknown, bytes: 4n * M, onto: false }), [])
  t.strictSame(plannedNotes({ ...copied.plan, bytes: 6n * M }), [])
})
