import { basename } from 'node:path'
import t from 'tap'
import {
  breaks,
  type LastingName,
  lastingFiles,
  lineOf,
  readLasting,
} from '../../helpers/lasting-names.ts'

const toWrite = 'node --import=./test/load/typescript.js test/fixtures/lasting/write.ts writes them'

for (const [file, namesNow] of lastingFiles)
  t.test(`${basename(file.pathname)}: what scripts rely on is as it was`, async (t) => {
    const before = readLasting(file)
    const now = namesNow()
    t.ok(before.length > 30, 'they are found')
    const byName = new Map(now.map((one) => [one.name, one]))
    const broken = before.flatMap((one) => {
      const why = breaks(one, byName.get(one.name))
      return why === undefined ? [] : [`${one.name}: ${why}`]
    })
    t.strictSame(broken, [], 'a change of these raises the version of documents, or of the metrics')
    const known = new Set(before.map(lineOf))
    t.strictSame(
      now.map(lineOf).filter((line) => !known.has(line)),
      [],
      `what is new belongs in the file: ${toWrite}`,
    )
  })

t.test('what breaks a script', async (t) => {
  const key: LastingName = { name: 'a', kind: 'string', absent: true, words: ['x', 'y'] }
  t.equal(breaks(key, { ...key, absent: false, words: ['x', 'y', 'z'] }), undefined)
  t.equal(breaks(key, undefined), 'it went')
  t.equal(breaks(key, { ...key, kind: 'integer' }), 'it was string, and is integer')
  t.equal(breaks({ ...key, absent: false }, key), 'it was always there, and may be absent')
  t.equal(breaks(key, { ...key, words: ['x'] }), 'it lost y')
})
