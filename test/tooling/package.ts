import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { temporary, withoutLoader } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')
const dist = join(top, 'dist')
const textOf = (path: string): string => readFileSync(join(top, path), 'utf8')
const manifest = JSON.parse(textOf('package.json'))

/** The files that npm would pack, without building anything: other tests run what is in dist. */
const packed = (): readonly string[] => {
  const words = ['npm', 'pack', '--dry-run', '--json', '--ignore-scripts']
  const { status, stdout, stderr } = spawnSync('env', [...withoutLoader, ...words], {
    cwd: top,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const told: readonly { files: readonly { path: string }[] }[] = Object.values(JSON.parse(stdout))
  return told.flatMap(({ files }) => files.map(({ path }) => path))
}

const below = (directory: string, pattern = /./): readonly string[] =>
  readdirSync(join(top, directory))
    .filter((name) => pattern.test(name))
    .map((name) => `${directory}/${name}`)

t.test('the package has what it needs, and nothing else', async (t) => {
  t.strictSame(
    packed().toSorted(),
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'bin/hugepool.js',
      'bin/package.json',
      ...below('dist'),
      ...below('man'),
      ...below('native', /\.(?:cc|h|gyp|sh)$/),
    ].sort(),
  )
})

t.test('the libraries that it is made of are named where users of npm look', async (t) => {
  t.strictSame(Object.keys(manifest.dependencies), [
    'chalk',
    'cli-table3',
    'node-addon-api',
    'prom-client',
    'smol-toml',
    'yargs',
    'zod',
  ])
})

t.test('it says where it is from', async (t) => {
  const { repository, bugs, author, license } = manifest
  for (const fact of [repository.url, bugs, author, license]) t.match(fact, /\w/)
})

t.test('warnings of a newer compiler are errors for tests only', async (t) => {
  t.notMatch(textOf('native/binding.gyp'), /-Werror/)
  t.notMatch(manifest.scripts.install, /-Werror/)
  t.notMatch(manifest.scripts.build, /-Werror/)
  t.match(textOf('test/native/memory.ts'), /'-Werror'/)
})

/** The directories of the packages whose code is in the bundles, as the source maps have it. */
const packages = (): readonly string[] => {
  const sources = readdirSync(dist)
    .filter((name) => name.endsWith('.map'))
    .flatMap((name) => JSON.parse(readFileSync(join(dist, name), 'utf8')).sources as string[])
  const inPackage = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/
  const found = sources.flatMap((source) => inPackage.exec(source)?.[0] ?? [])
  return [...new Set(found)].map((directory) => resolve(dist, directory))
}

t.test('each package whose code is bundled has its licence in the package', async (t) => {
  const licences = textOf('dist/THIRD-PARTY-LICENCES.txt')
  const directories = packages()
  const names = directories.map((directory) => basename(directory))
  for (const name of ['chalk', 'yargs', 'yargs-parser', 'cliui', 'y18n', 'cli-table3'])
    t.ok(names.includes(name), `${name} is found`)
  for (const directory of directories) {
    const { name, version, license } = JSON.parse(
      readFileSync(join(directory, 'package.json'), 'utf8'),
    )
    t.ok(licences.includes(`\n${name} ${version} (${license})\n===`), name)
    const texts = readdirSync(directory).filter((file) => /^licen[cs]e|^copying/i.test(file))
    t.ok(texts.length > 0, `${name} has a licence`)
    for (const file of texts)
      t.ok(licences.includes(readFileSync(join(directory, file), 'utf8').trim()), `${name} ${file}`)
  }
})

t.test('a package without a text of its licence ends the build', async (t) => {
  const { writeLicences } = await import(pathToFileURL(join(top, 'bin/build/licences.mjs')).href)
  const directory = temporary(t)
  const part = 'node_modules/@scope/part'
  mkdirSync(join(directory, part), { recursive: true })
  const facts = { name: '@scope/part', version: '1.2.3', license: 'ISC' }
  writeFileSync(join(directory, part, 'package.json'), JSON.stringify(facts))
  const write = () => writeLicences(directory, directory, [`${part}/lib/x.js`, 'src/main.ts'])
  t.throws(write, { message: /\/@scope\/part: has no text of its licence$/ })
  writeFileSync(join(directory, part, 'LICENCE.txt'), 'Do as you like.\n')
  write()
  t.match(
    readFileSync(join(directory, 'THIRD-PARTY-LICENCES.txt'), 'utf8'),
    /\n@scope\/part 1\.2\.3 \(ISC\)\n=+\n\nDo as you like\.\n$/,
  )
})
