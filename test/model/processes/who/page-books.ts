import t from 'tap'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import type { FoundPages } from '../../../../src/model/processes/who/found-pages.ts'
import { balanced, foundOf } from '../../../../src/model/processes/who/page-books.ts'
import { areaOf, fileOf, nothingFound } from '../../../helpers/found-pages.ts'
import * as fc from '../../../helpers/property.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

const pool = (used: bigint, reserved = 0n): Pool => ({
  size,
  total: 100n,
  free: 100n - used,
  surplus: 0n,
  reserved,
  nodes: [],
  settled: true,
})

t.test('each file once, each frame once, and no page of another size', async (t) => {
  const key = '00:1f:5'
  const shared = { key, isPrivate: false, path: '/mnt/huge/f', present: 2n }
  const found: FoundPages = {
    ...nothingFound,
    files: new Map([fileOf(key, 3n), fileOf('00:20:5', 9n, { size: G })]),
    areas: [
      areaOf(1, shared),
      areaOf(2, shared),
      areaOf(3, { frames: [512, 1024, 1536] }),
      areaOf(4, { frames: [512, 1024, 2048] }),
    ],
  }
  t.equal(foundOf(found, size), 7n)
  t.equal(foundOf(found, G), 9n)
  t.strictSame(balanced(pool(10n), { ...found, pinned: new Map([[size, 2n]]) }), {
    size,
    inUse: 10n,
    explained: 7n,
    unexplained: 3n,
    pinned: 2n,
    reserved: 0n,
    reservedExplained: 0n,
    isExceeded: false,
  })
})

t.test('a kernel that counts no reservations, and one whose count is below zero', async (t) => {
  const found = { ...nothingFound, areas: [areaOf(5, { frames: [512] })] }
  const { reserved: _, ...uncounted } = pool(1n)
  const books = {
    size,
    inUse: 1n,
    explained: 1n,
    unexplained: 0n,
    reservedExplained: 0n,
    isExceeded: false,
  }
  t.strictSame(balanced(uncounted, found), books)
  t.strictSame(balanced(pool(1n, -1n), found), { ...books, reserved: -1n })
  t.strictSame(balanced(pool(1n, 2n), found), { ...books, reserved: 2n, reservedExplained: 2n })
  t.strictSame(balanced(pool(1n, 9n), found), { ...books, reserved: 9n, reservedExplained: 3n })
})

t.test('files whose pages are not known count none', async (t) => {
  t.equal(foundOf({ ...nothingFound, files: new Map([fileOf('00:1f:5', undefined)]) }, size), 0n)
})

t.test('without frames, what two processes share is counted at least once', async (t) => {
  const hidden = (alone: bigint, together: bigint) => ({ own: { frames: [], alone, together } })
  const areas = [areaOf(1, hidden(1n, 2n)), areaOf(2, hidden(0n, 2n))]
  t.equal(foundOf({ ...nothingFound, areas }, size), 3n)
  const other = areaOf(3, { ...hidden(0n, 4n), key: '00:10:2' })
  t.equal(foundOf({ ...nothingFound, areas: [...areas, other] }, size), 7n)
})

t.test('a segment is counted with its file, or by itself', async (t) => {
  const key = '00:10:7@ipc:[1]'
  const segment = { key, size, id: 7, ipcKey: 0, uid: 0, attached: 1, pages: 4n, length: 4n }
  const found = { ...nothingFound, segments: [segment] }
  t.equal(foundOf(found, size), 4n)
  t.equal(foundOf({ ...found, files: new Map([fileOf(key, 4n)]) }, size), 4n)
})

const frames = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 12 })

t.test('the books always balance, and no part is below zero', async () => {
  fc.assert(
    fc.property(
      fc.array(frames, { maxLength: 6 }),
      fc.array(fc.bigInt({ min: 0n, max: 20n }), { maxLength: 6 }),
      fc.bigInt({ min: 0n, max: 100n }),
      fc.bigInt({ min: -3n, max: 20n }),
      fc.bigInt({ min: 0n, max: 20n }),
      (all, files, used, reserved, pins) => {
        const found: FoundPages = {
          ...nothingFound,
          files: new Map(files.map((pages, at) => fileOf(`00:1f:${at}`, pages))),
          areas: all.map((own, pid) => areaOf(pid + 1, { frames: own, length: 12n })),
          pinned: new Map([[size, pins]]),
        }
        const books = balanced(pool(used, reserved), found)
        const { explained, unexplained, pinned = 0n, reservedExplained } = books
        const exact = BigInt(new Set(all.flat()).size) + files.reduce((sum, one) => sum + one, 0n)
        return (
          foundOf(found, size) === exact &&
          explained + unexplained === used &&
          books.isExceeded === exact > used &&
          [explained, unexplained, pinned, reservedExplained].every((part) => part >= 0n) &&
          pinned <= unexplained &&
          reservedExplained <= (reserved > 0n ? reserved : 0n)
        )
      },
    ),
  )
})
