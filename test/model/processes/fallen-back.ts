import t from 'tap'
import { fellBack, knownPrograms } from '../../../src/model/processes/fallen-back.ts'
import type { LargeProgram } from '../../../src/model/processes/large-program.ts'
import { M } from '../../helpers/sizes.ts'

const areas = { huge: 0n, largestPrivate: 0n, largestShared: 0n }
const program = (command: string, rest: Partial<LargeProgram>): LargeProgram => ({
  pid: 5,
  command,
  words: [],
  ...rest,
})

t.test('PostgreSQL', async (t) => {
  const found = (settings: string | undefined, words: readonly string[] = [], more = {}) =>
    fellBack({
      ...program('postgres', { words, areas: { ...areas, largestShared: 256n * M, ...more } }),
      ...(settings !== undefined && { settings }),
    })
  const fallen = { asked: 'huge_pages=try', bytes: 256n * M }
  t.strictSame(found(''), fallen)
  t.strictSame(found("huge_pages = off\nhuge_pages 'try'"), fallen)
  t.strictSame(found('huge_pages = off', ['-c', 'huge_pages=try']), fallen)
  t.strictSame(
    [
      found(undefined),
      found('huge_pages = off'),
      found('huge_pages = on'),
      found('', ['--huge_pages=off']),
      found('', [], { huge: 2n * M }),
      found('', [], { largestShared: 256n * M - 1n }),
      fellBack(program('postgres', { settings: '' })),
    ],
    Array(7).fill(undefined),
  )
})

t.test('Java and MySQL', async (t) => {
  const found = (command: string, word: string, huge: bigint, ...words: readonly string[]) =>
    fellBack(
      program(command, {
        words: [word, ...words],
        areas: { ...areas, huge, largestPrivate: 256n * M },
      }),
    )
  const asked = '-XX:+UseLargePages'
  t.strictSame(found('java', asked, 48n * M), { asked, bytes: 256n * M })
  t.equal(found('java', asked, 256n * M), undefined)
  t.equal(found('java', asked, 0n, '-XX:+UseTransparentHugePages'), undefined)
  t.equal(found('java', '-Xmx1g', 0n), undefined)
  t.strictSame(found('mysqld', '--large-pages', 0n), { asked: '--large-pages', bytes: 256n * M })
  t.equal(found('mysqld', '--large-pages', 256n * M), undefined)
  t.strictSame(found('mariadbd', '--large_pages=ON', 256n * M - 1n), {
    asked: '--large_pages=ON',
    bytes: 256n * M,
  })
  t.equal(found('mariadbd', '--large_pages=OFF', 0n), undefined)
  t.equal(found('zoo', asked, 0n), undefined)
  t.equal(knownPrograms.has('zoo'), false)
})

t.test('empty lines take no longer than their number says', async (t) => {
  const settings = `${'\n'.repeat(400_000)}huge_pages = off`
  const seen = { areas: { ...areas, largestShared: 256n * M }, settings }
  t.equal(fellBack(program('postgres', seen)), undefined)
})
