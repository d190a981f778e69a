import t from 'tap'
import {
  knownReservations,
  possibleReservations,
  reservedOf,
} from '../../../../src/model/processes/who/known-reservations.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M

t.test('a private area has reserved what it lacks, a child of its owner nothing', async (t) => {
  const owner = areaOf(5, { frames: [512] })
  const child = areaOf(6, { frames: [512], process: processNumber(6, 5) })
  t.equal(reservedOf({ ...nothingFound, areas: [owner, child] }, size), 3n)
  const moved = areaOf(6, { process: processNumber(6, 5), address: '7f1000000000' })
  t.equal(reservedOf({ ...nothingFound, areas: [owner, moved] }, size), 3n)
  const files = [owner, moved].map((area) => ({ ...area, path: '/mnt/huge/a' }))
  t.equal(reservedOf({ ...nothingFound, areas: files }, size), 7n, 'each can have mapped a file')
  const namesakes = [owner, moved].map((area) => ({ ...area, isNamesake: true as const }))
  t.equal(reservedOf({ ...nothingFound, areas: namesakes }, size), 7n)
  const same = { ...child, path: '/mnt/huge/a' }
  t.equal(reservedOf({ ...nothingFound, areas: [...files.slice(0, 1), same] }, size), 3n)
  const careless = areaOf(7, { reserves: false })
  t.equal(reservedOf({ ...nothingFound, areas: [careless] }, size), 0n)
})

t.test('memory of one mmap(2) is reserved once, whoever has it', async (t) => {
  const first = areaOf(5, { process: processNumber(5, 1) })
  const brother = areaOf(6, { process: processNumber(6, 1) })
  t.equal(reservedOf({ ...nothingFound, areas: [first, brother] }, size), 4n)
  t.equal(reservedOf({ ...nothingFound, areas: [brother, first] }, size), 4n)
  const parent = areaOf(7, { process: processNumber(7, 1) })
  const olderNumber = areaOf(6, { process: processNumber(6, 7) })
  t.equal(reservedOf({ ...nothingFound, areas: [olderNumber, parent] }, size), 4n)
  const path = '/mnt/huge/a'
  const files = [first, brother].map((area) => ({ ...area, path }))
  t.equal(reservedOf({ ...nothingFound, areas: files }, size), 8n, 'a file is mapped by each')
})

t.test('a file has reserved what its mappings cover together, without its pages', async (t) => {
  const key = '00:1f:5'
  const shared = { key, isPrivate: false }
  const areas = [
    areaOf(1, { ...shared, first: 0n, length: 4n }),
    areaOf(2, { ...shared, first: 2n, length: 4n }),
    areaOf(3, { ...shared, first: 10n, length: 1n }),
  ]
  const found = { ...nothingFound, areas, files: new Map([fileOf(key, 2n)]) }
  t.equal(reservedOf(found, size), 5n)
  t.equal(reservedOf({ ...found, files: new Map([fileOf(key, undefined)]) }, size), 0n)
  const [, file] = fileOf(key, 2n)
  const cut = (length: bigint) =>
    reservedOf({ ...found, files: new Map([[key, { ...file, length }]]) }, size)
  t.strictSame([20n, 11n, 10n, 5n, 3n, 1n].map(cut), [5n, 5n, 4n, 3n, 1n, 0n], 'not behind its end')
})

t.test('a mount has what is left of its minimum, a segment what it lacks', async (t) => {
  const mounts = [{ device: '00:1f', size, target: '/mnt/huge', minimum: 8n }]
  t.equal(reservedOf({ ...nothingFound, mounts }, size), 8n)
  const key = '00:1f:5'
  const areas = [areaOf(1, { key, isPrivate: false, length: 4n })]
  const found = { ...nothingFound, mounts, areas, files: new Map([fileOf(key, 3n)]) }
  t.equal(reservedOf(found, size), 5n, 'what is reserved for a file is part of it')
  const elsewhere = new Map([...found.files, fileOf('00:20:5', 2n)])
  t.equal(reservedOf({ ...found, files: elsewhere }, size), 5n, 'files of another mount are not')
  const segment = { size, id: 7, ipcKey: 0, uid: 0, attached: 0, pages: 1n, length: 4n }
  t.equal(reservedOf({ ...nothingFound, segments: [{ ...segment, key: 'k' }] }, size), 3n)
})

t.test(
  'a file without a mapping can have what it lacks, and no more than is reserved',
  async (t) => {
    const of = (key: string, pages: bigint, length: bigint, bytes = size) =>
      fileOf(key, pages, { length, size: bytes })
    const [unknown, short] = [fileOf('00:1f:8', undefined, { length: 2n }), fileOf('00:1f:9', 1n)]
    const found = {
      ...nothingFound,
      areas: [areaOf(5, { key: '00:1f:5', isPrivate: false, length: 4n })],
      files: new Map([
        of('00:1f:5', 0n, 9n),
        of('00:1f:6', 1n, 9n),
        of('00:1f:7', 1n, 3n),
        of('00:20:5', 0n, 1n, 1024n * M),
        unknown,
        short,
      ]),
    }
    const possible = (rest: bigint) => [
      ...possibleReservations(found, knownReservations(found), (of) => (of === size ? rest : 0n)),
    ]
    t.strictSame(possible(5n), [
      ['00:1f:6', 5n],
      ['00:1f:7', 2n],
      ['00:1f:8', 2n],
    ])
    t.strictSame(possible(0n), [])
  },
)
