import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transformSync } from 'esbuild'
import t from 'tap'

const { ownLines } = await import(
  pathToFileURL(join(import.meta.dirname, '../../bin/build/maps.mjs')).href
)

const text = `export const one = (x) =>
  fault(x) + other(x, -1)
export const two = () => \`a
b\` + one(
${' '.repeat(600)}last())
`

/** What Node finds at each column of each line of the code. */
const found = (map: ConstructorParameters<typeof SourceMap>[0], code: string) => {
  const read = new SourceMap(map)
  return code.split('\n').map((line, number) =>
    [...line].map((_, column) => {
      const entry = read.findEntry(number, column)
      return 'originalSource' in entry && entry.originalSource
        ? `${entry.originalSource}:${entry.originalLine}`
        : 'none'
    }),
  )
}

t.test('each place of our own source has its line, in every line of a bundle', async (t) => {
  const { code, map } = transformSync(text, {
    minify: true,
    sourcemap: true,
    sourcefile: '../src/a.ts',
  })
  const whole = JSON.parse(map)
  const kept = ownLines(whole)
  t.strictSame(found(kept, code), found(whole, code))
  t.ok(new Set(found(kept, code).flat()).size >= 4, 'lines are found')
  t.ok(kept.mappings.length < whole.mappings.length)
})

t.test('what is from a package leads nowhere, and what follows it to its own place', async (t) => {
  // Columns 0 and 4 of the first source, 8 of the second, 12 of none, 16 and 20 of the first.
  const mappings = 'AAAA,IACA,ICDA,I,IDCA,IACA'
  const sources = ['../src/a.ts', '../node_modules/b/index.js']
  const map = {
    version: 3 as const,
    file: '',
    sourceRoot: '',
    sourcesContent: [],
    names: [],
    sources,
    mappings,
  }
  t.strictSame(
    found(map, 'x'.repeat(24))[0]?.filter((_, index) => index % 4 === 0),
    [
      '../src/a.ts:0',
      '../src/a.ts:1',
      '../node_modules/b/index.js:0',
      'none',
      '../src/a.ts:1',
      '../src/a.ts:2',
    ],
  )
  const kept = ownLines(map)
  t.strictSame(kept.sources, ['../src/a.ts'])
  t.strictSame(
    found(kept, 'x'.repeat(24))[0]?.filter((_, index) => index % 4 === 0),
    ['../src/a.ts:0', '../src/a.ts:1', 'none', 'none', '../src/a.ts:1', '../src/a.ts:2'],
  )
})
