import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const top = join(import.meta.dirname, '..')

/** A path of this repository that begins with one of its directories, or a script of npm. */
const pathPattern = /(?<![\w./-])(?:bin|src|native|test|man|\.ci)\/[\w./-]*\w|(?<=npm run )[\w:]+/g

const namedIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(pathPattern)].map(([name]) => name)),
]

const { scripts } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

const exists = (name: string): boolean =>
  name.includes('/') ? existsSync(join(top, name)) : Object.hasOwn(scripts, name)

for (const [page, least] of [
  ['README.md', 8],
  ['CONTRIBUTING.md', 40],
] as const)
  t.test(`what ${page} names is there`, async (t) => {
    const text = readFileSync(join(top, page), 'utf8')
    const names = namedIn(text)
    t.ok(names.length >= least, 'names are found')
    t.strictSame(
      names.filter((name) => !exists(name)),
      [],
    )
    const beside = [...text.matchAll(/`([A-Z]+\.md)`/g)].map(([, name = '']) => name)
    t.strictSame(
      beside.filter((name) => !existsSync(join(top, name))),
      [],
    )
  })

t.test('CONTRIBUTING.md can be read in one go', async (t) => {
  const lines = readFileSync(join(top, 'CONTRIBUTING.md'), 'utf8').split('\n')
  t.ok(lines.length <= 151, `${lines.length}`)
})

t.test('a name that leads nowhere is found', async (t) => {
  t.strictSame(namedIn('see `src/x/y.ts`, `bin/`, /usr/bin/env and npm run none.'), [
    'src/x/y.ts',
    'none',
  ])
  t.notOk(exists('src/x/y.ts'))
  t.notOk(exists('none'))
  t.ok(exists('src/main.ts'))
})
