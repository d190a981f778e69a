import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../src/version.ts'
import { run } from './helpers/run.ts'

// The version is written in package.json. What repeats it says the same.

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const manifest = JSON.parse(textOf('package.json'))

t.test('the program says that of package.json', async (t) => {
  t.equal(version, manifest.version)
  t.strictSame(await run(['--version'], { tree: 'one-node' }), {
    status: 0,
    stdout: `hugepool ${manifest.version}\n`,
    stderr: '',
  })
})

t.test('the lock is of this package', async (t) => {
  const lock = JSON.parse(textOf('package-lock.json'))
  const { name, version, dependencies, devDependencies } = lock.packages['']
  t.strictSame(
    [lock.name, lock.version, { name, version, dependencies, devDependencies }],
    [
      manifest.name,
      manifest.version,
      {
        name: manifest.name,
        version: manifest.version,
        dependencies: manifest.dependencies,
        devDependencies: manifest.devDependencies,
      },
    ],
  )
})

t.test('the newest version of the changelog is this one', async (t) => {
  const changelog = textOf('CHANGELOG.md')
  const [newest = '', ...older] = [...changelog.matchAll(/^## (.+)$/gm)]
    .map(([, title = '']) => title)
    .filter((title) => title !== '[Unreleased]')
  t.match(
    newest,
    new RegExp(`^\\[${manifest.version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`),
  )
  for (const title of older) t.match(title, /^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/)
  const links = [...changelog.matchAll(/^\[(.+)\]: (.+)$/gm)].map(([, of, to]) => [of, to])
  const site = manifest.homepage.replace(/#.*/, '')
  t.strictSame(links.slice(0, 1), [['Unreleased', `${site}/compare/v${manifest.version}...HEAD`]])
  t.strictSame(
    links.slice(1).map(([of]) => of),
    [newest, ...older].map((title) => /^\[(.+)\]/.exec(title)?.[1]),
  )
  t.equal(links.at(-1)?.[1], `${site}/releases/tag/v0.1.0`)
})
