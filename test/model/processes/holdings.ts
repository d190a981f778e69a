import t from 'tap'
import {
  type Holdings,
  holdingHints,
  holdingWords,
  type MountHolding,
} from '../../../src/model/processes/holdings.ts'
import { M } from '../../helpers/sizes.ts'

const none: Holdings = { size: 2n * M, mounts: [], segments: [], processes: [] }

const files: MountHolding = {
  targets: ['/mnt/huge', '/srv/bound'],
  files: 41n,
  pages: 40n,
  mappedPages: 0n,
  lackedPages: 16n,
  minimumPages: 0n,
}

t.test('nothing that is known', async (t) => {
  t.strictSame(holdingWords(none), [])
  t.strictSame(holdingHints(none), [])
})

t.test('files that a program has left', async (t) => {
  const left = { ...none, mounts: [files] }
  t.strictSame(holdingWords(left), [
    '2M: 41 files on /mnt/huge have 40 pages, and can have up to 16 more reserved',
  ])
  t.strictSame(holdingHints(left), [
    "/mnt/huge: files stay when processes end: rm those not needed, or 'hugepool umount /mnt/huge --dry-run' tells what would go with it",
  ])
  const one = { ...files, files: 1n, pages: 1n, mappedPages: 1n, lackedPages: 0n }
  t.strictSame(holdingWords({ ...none, mounts: [one] }), [
    '2M: 1 file on /mnt/huge has 1 page, 1 of them mapped by processes',
  ])
})

t.test(
  'a mount with a minimum, one without files and one that cannot be looked into',
  async (t) => {
    const minimum = { targets: ["/it's"], files: 0n, minimumPages: 4n }
    const closed = { targets: ['/closed'], minimumPages: 0n }
    const holdings = { ...none, mounts: [minimum, closed] }
    t.strictSame(holdingWords(holdings), [
      "2M: the minimum size of /it's has 4 pages reserved",
      '2M: the files on /closed could not be looked at',
    ])
    t.strictSame(holdingHints(holdings), [
      `/it's: "hugepool umount '/it'\\''s' --dry-run" tells what would go with it`,
    ])
  },
)

t.test('segments and processes', async (t) => {
  const segment = { id: 3, uid: 26, attached: 0, pages: 8n, isCertain: true }
  const holdings: Holdings = {
    ...none,
    segments: [segment, { ...segment, id: 4, attached: 2, pages: 1n, isCertain: false }],
    processes: [
      { pid: 7, command: 'vm', pages: 64n },
      { pid: 8, command: 'db' },
      { pid: 9, command: 'jvm', pages: 0n, lackedPages: 4n },
      { pid: 10, command: 'jvm', pages: 1n, lackedPages: 2n },
    ],
  }
  t.strictSame(holdingWords(holdings), [
    '2M: SysV segment 3 of user 26 has 8 pages, nobody attached',
    '2M: SysV segment 4 of user 26 has 1 page, if its pages are huge, 2 processes attached',
    '2M: process 7 (vm) has 64 pages mapped',
    '2M: process 8 (db) has huge pages mapped, perhaps of 2M',
    '2M: process 9 (jvm) has a mapping without a page so far, and can have up to 4 reserved',
    '2M: process 10 (jvm) has 1 page mapped, and can have up to 2 more reserved',
  ])
  t.strictSame(holdingHints(holdings), [
    "'ipcrm -m 3' removes the segment to which nobody is attached",
  ])
})

t.test('a file that only a descriptor leads to', async (t) => {
  const file = { pid: 7, command: 'vm', path: '/memfd:ram (deleted)', pages: 1n }
  const openFiles = [file, { ...file, pid: 8, path: '/mnt/huge/a (deleted)', pages: 3n }]
  t.strictSame(holdingWords({ ...none, openFiles }), [
    '2M: process 7 (vm) has /memfd:ram (deleted) open, with 1 page',
    '2M: process 8 (vm) has /mnt/huge/a (deleted) open, with 3 pages',
  ])
  const { pages, ...unasked } = file
  t.strictSame(holdingWords({ ...none, openFiles: [{ ...unasked, path: '/a' }] }), [
    '2M: process 7 (vm) has /a open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed',
  ])
})

t.test('many holders are counted, not listed', async (t) => {
  const processes = Array.from({ length: 7 }, (_, pid) => ({ pid, command: 'x', pages: 1n }))
  const words = holdingWords({ ...none, processes })
  t.equal(words.length, 6)
  t.equal(words.at(-1), '2M: and 2 more')
})
