import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { archiveOf } from '../boot/support/cpio.ts'
import { seeded } from '../boot/support/seeded.ts'
import { tooEarly } from '../boot/support/units.ts'
import { diskAfter, entriesOf } from '../boot/support/write-log.ts'
import { temporary } from '../helpers/run.ts'

t.test('an archive unpacks to its files', async (t) => {
  const directory = join(temporary(t), 'root')
  mkdirSync(directory)
  const input = archiveOf({ '/a/b/one': 'first\n', '/a/two': 'é', '/three': '' })
  const { status, stderr } = spawnSync('cpio', ['-i', '--quiet'], { cwd: directory, input })
  t.strictSame({ status, stderr: String(stderr) }, { status: 0, stderr: '' })
  const texts = ['a/b/one', 'a/two', 'three'].map((path) =>
    readFileSync(join(directory, path), 'utf8'),
  )
  t.strictSame(texts, ['first\n', 'é', ''])
})

t.test('numbers come again with their seed', async (t) => {
  const numbers = (seed: number) => Array.from({ length: 5 }, seeded(seed))
  t.strictSame(numbers(1), numbers(1))
  t.strictNotSame(numbers(1), numbers(2))
  t.ok(numbers(3).every((number) => number >= 0 && number < 1))
})

t.test('units that began before the one before had ended are found', async (t) => {
  const unit = (name: string, began: number, ended: number) =>
    `Id=${name}\nInactiveExitTimestampMonotonic=${began}\nActiveEnterTimestampMonotonic=${ended}\n`
  const text = [unit('a', 1, 5), unit('b', 5, 6), unit('c', 4, 9), unit('d', 0, 0)].join('\n')
  t.strictSame(tooEarly(text, ['a', 'b']), [])
  t.strictSame(tooEarly(text, ['a', 'b', 'c']), ['c'])
  t.strictSame(tooEarly(text, ['a', 'd']), ['d'], 'one that never began')
  t.strictSame(tooEarly(text, ['d', 'a']), ['a'], 'nor is it there for others')
  t.strictSame(tooEarly(text, ['a', 'none']), ['none'])
})

const sector = 512

/** One request of a log: a sector with numbers, and its data. */
const request = (flag: number, place = 0, text = ''): Buffer => {
  const header = Buffer.alloc(sector)
  const data = Buffer.alloc(text === '' ? 0 : sector, text, 'latin1')
  const numbers = [place, data.length / sector, flag, 0]
  for (const [index, number] of numbers.entries())
    header.writeBigUInt64LE(BigInt(number), index * 8)
  return Buffer.concat([header, data])
}

/** How a commit of the journal begins. */
const commit = '\xc0\x3b\x39\x98\0\0\0\x02'

const logOf = (t: Test, ...requests: readonly Buffer[]) => {
  const directory = temporary(t)
  const [log, stable, cut] = ['log', 'stable', 'cut'].map((name) => join(directory, name))
  if (log === undefined || stable === undefined || cut === undefined) throw new Error('no paths')
  writeFileSync(log, Buffer.concat([Buffer.alloc(sector), ...requests]))
  writeFileSync(stable, Buffer.alloc(3 * sector, '.'))
  const make = diskAfter(log, entriesOf(log), stable)
  const disk = (after: number, ...kept: readonly boolean[]) => {
    make({ after, kept }, cut)
    return [0, 1, 2].map((place) => readFileSync(cut, 'latin1')[place * sector]).join('')
  }
  return { entries: entriesOf(log), disk }
}

t.test('what a failure of power leaves of a log', async (t) => {
  const { entries, disk } = logOf(
    t,
    request(0, 0, 'a'),
    request(1),
    request(0, 1, 'b'),
    request(0, 2, commit),
    request(0, 0, 'c'),
    request(1),
    request(0, 2, 'd'),
  )
  t.strictSame(
    entries.map(({ isFlush, isThrough, at, length }) => [isFlush, isThrough, at, length]),
    [
      [false, false, 0, sector],
      [true, false, 0, 0],
      [false, false, sector, sector],
      [false, true, 2 * sector, sector],
      [false, false, 0, sector],
      [true, false, 0, 0],
      [false, false, 2 * sector, sector],
    ],
  )
  t.equal(disk(1, false), '...', 'what was in the cache only is lost')
  t.equal(disk(1, true), 'a..', 'or is not')
  t.equal(disk(2, false), 'a..', 'what was flushed is there')
  t.equal(disk(3, false), 'a..')
  t.equal(disk(5, false), `a.\xc0`, 'a commit is there though nothing before it is')
  t.equal(disk(5, false, false, true), `c.\xc0`, 'and something later is')
  t.equal(disk(6, false), `cb\xc0`)
  t.equal(disk(7, true), 'cbd')
})

t.test('a log with a request of which nothing is known is refused', async (t) => {
  t.throws(() => logOf(t, request(4, 0)), /a discard/)
})
