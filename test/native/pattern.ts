import { readSync, writeSync } from 'node:fs'
import t from 'tap'
import { mapFile, mapZero, openFile, pageSize } from '../helpers/mapping.ts'

const limits = [undefined, { threads: 3, stuckSeconds: 60 }]

const contentOf = (descriptor: number, pages: number): Buffer => {
  const content = Buffer.alloc(pages * pageSize)
  readSync(descriptor, content, 0, content.length, 0)
  return content
}

for (const limit of limits)
  t.test(`by ${limit?.threads ?? 1} threads`, async (t) => {
    t.test('what is written is read back, by another mapping too', async (t) => {
      const descriptor = openFile(t, 20)
      const mapping = await mapFile(t, descriptor, 20)
      const other = await mapFile(t, descriptor, 20)
      t.match(await mapping.write(0, 20, limit), { pages: 20, stopped: false, failure: undefined })
      for (const reader of [mapping, other])
        t.match(await reader.verify(0, 20, limit), { pages: 20, difference: undefined })
    })

    t.test('the first of several pages that differ, and where', async (t) => {
      const descriptor = openFile(t, 20)
      const mapping = await mapFile(t, descriptor, 20)
      await mapping.write(0, 20, limit)
      for (const [page, offset] of [
        [17, 0],
        [9, 4088],
        [9, 8],
        [11, 0],
      ] as const)
        writeSync(descriptor, Buffer.alloc(8, 0xaa), 0, 8, page * pageSize + offset)
      const verified = await mapping.verify(0, 20, limit)
      t.match(verified, { difference: { page: 9, offset: 8 }, failure: undefined })
      t.match(await mapping.verify(0, 9, limit), { pages: 9, difference: undefined })
    })

    t.test('a page that is not to be had is a failure', async (t) => {
      const mapping = await mapFile(t, openFile(t, 13), 20)
      const failure = { page: 13, errno: 'SIGBUS' }
      t.hasStrict(await mapping.write(0, 20, limit), { pages: 13, failure })
      t.hasStrict(await mapping.verify(0, 20, limit), { pages: 13, failure, difference: undefined })
    })
  })

t.test('pages that were never written differ', async (t) => {
  const mapping = await mapZero(t, 4)
  t.match(await mapping.verify(0, 4), { pages: 0, difference: { page: 0, offset: 0 } })
})

t.test('no word of the pattern comes twice', async (t) => {
  const descriptor = openFile(t, 8)
  const mapping = await mapFile(t, descriptor, 8)
  await mapping.write(0, 8)
  const content = contentOf(descriptor, 8)
  const words = new BigUint64Array(Uint8Array.from(content).buffer)
  t.equal(new Set(words).size, words.length)
  t.notOk(words.includes(0n))
})

t.test('only the pages asked for', async (t) => {
  const descriptor = openFile(t, 8)
  const mapping = await mapFile(t, descriptor, 8)
  await mapping.write(3, 5)
  const content = contentOf(descriptor, 8)
  t.ok(content.subarray(0, 3 * pageSize).every((byte) => byte === 0))
  t.ok(content.subarray(5 * pageSize).every((byte) => byte === 0))
  t.match(await mapping.verify(3, 5), { pages: 2, difference: undefined })
})

t.test('stop ends it', async (t) => {
  const mapping = await mapZero(t, 2 ** 16)
  const written = mapping.write(0, 2 ** 16, { threads: 2, stuckSeconds: 60 })
  mapping.stop()
  t.match(await written, { stopped: true, failure: undefined })
})
