import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
import { completionScripts, type Shell } from '../../src/cli/completion-scripts.ts'
import { temporary, withoutLoader } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')
const dist = join(top, 'dist')
const textOf = (path: string): string => readFileSync(join(top, path), 'utf8')
const manifest = JSON.parse(textOf('package.json'))
const ofBuild = (name: string) => import(pathToFileURL(join(top, 'bin/build', name)).href)

interface Packed {
  readonly path: string
  readonly size: number
}

/** The files that npm would pack, without building anything: other tests run what is in dist. */
const packed = (): readonly Packed[] => {
  const words = ['npm', 'pack', '--dry-run', '--json', '--ignore-scripts']
  const { status, stdout, stderr } = spawnSync('env', [...withoutLoader, ...words], {
    cwd: top,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const told: readonly { files: readonly Packed[] }[] = Object.values(JSON.parse(stdout))
  // Prebuilt addons are made when it is packed (test/package).
  return told.flatMap(({ files }) => files.filter(({ path }) => !path.includes('/prebuilds/')))
}

const files = packed()

const below = (directory: string, pattern = /./): readonly string[] =>
  readdirSync(join(top, directory))
    .filter((name) => pattern.test(name))
    .map((name) => `${directory}/${name}`)

t.test('the package has what it needs, and nothing else', async (t) => {
  const bundles = below('dist', /\.js$/)
  t.strictSame(
    files.map(({ path }) => path).sort(),
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'bin/build/caches.mjs',
      'bin/hugepool.js',
      'bin/install.mjs',
      'bin/package.json',
      ...bundles,
      ...bundles.map((name) => `${name}.map.gz`),
      ...below('dist', /\.txt$/),
      'dist/machines.json',
      'dist/sbom.cdx.json',
      'dist/completions/bash/hugepool',
      'dist/completions/fish/hugepool.fish',
      'dist/completions/zsh/_hugepool',
      ...below('man').map((name) => `dist/${name}.gz`),
      ...below('native', /\.(?:cc|h|gyp)$/),
      'native/make.sh',
    ].sort(),
  )
})

t.test('without prebuilt addons it is smaller than 2 MiB', async (t) => {
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  t.ok(bytes > 1_000_000 && bytes < 2 * 1024 ** 2, `${bytes}`)
})

t.test('manual and completions are those of the sources', async (t) => {
  for (const page of below('man'))
    t.equal(gunzipSync(readFileSync(join(dist, `${page}.gz`))).toString(), textOf(page), page)
  for (const [shell, name] of Object.entries({
    bash: 'hugepool',
    zsh: '_hugepool',
    fish: 'hugepool.fish',
  }))
    t.equal(
      textOf(`dist/completions/${shell}/${name}`),
      `${completionScripts[shell as Shell]}\n`,
      shell,
    )
})

t.test('source maps name our own sources only, and have no text of them', async (t) => {
  const maps = below('dist', /\.map\.gz$/).map((path) =>
    JSON.parse(gunzipSync(readFileSync(join(top, path))).toString()),
  )
  t.ok(maps.length > 3)
  for (const { version, sources, names, mappings, ...rest } of maps) {
    t.strictSame({ version, names, rest }, { version: 3, names: [], rest: {} })
    t.strictSame(
      sources.filter((source: string) => !/^\.\.\/src\/[\w/-]+\.ts$/.test(source)),
      [],
    )
  }
  t.ok(maps.some(({ sources }) => sources.includes('../src/main.ts')))
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
  const { repository, bugs, author, license, publishConfig } = manifest
  for (const fact of [repository.url, bugs, author, license]) t.match(fact, /\w/)
  // npm publishes it from the place that built it, with a statement of that place.
  t.strictSame(publishConfig, { access: 'public', provenance: true })
})

t.test('warnings of a newer compiler are errors for tests only', async (t) => {
  t.notMatch(textOf('native/binding.gyp'), /-Werror/)
  t.notMatch(textOf('native/make.sh'), /-Werror/)
  t.notMatch(manifest.scripts.build, /-Werror/)
  t.match(textOf('test/native/memory.ts'), /'-Werror'/)
})

/** The directories of the packages whose code is in the bundles, as esbuild names them. */
const packages = async (): Promise<readonly string[]> => {
  const { definitions, substitution } = await ofBuild('substitutes.mjs')
  const { metafile } = await build({
    entryPoints: [join(top, 'src/main.ts')],
    absWorkingDir: top,
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    define: definitions,
    plugins: [substitution(top)],
  })
  const inPackage = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/
  const found = Object.keys(metafile.inputs).flatMap((path) => inPackage.exec(path)?.[0] ?? [])
  return [...new Set(found)].map((directory) => resolve(top, directory))
}

t.test(
  'each package whose code is bundled has its licence in the package, and no other',
  async (t) => {
    const licences = textOf('dist/THIRD-PARTY-LICENCES.txt')
    const directories = [...(await packages()), join(top, 'node_modules/node-addon-api')]
    const headings = directories.map((directory) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(directory, 'package.json'), 'utf8'),
      )
      const texts = readdirSync(directory).filter((file) => /^licen[cs]e|^copying/i.test(file))
      t.ok(texts.length > 0, `${name} has a licence`)
      for (const file of texts)
        t.ok(
          licences.includes(readFileSync(join(directory, file), 'utf8').trim()),
          `${name} ${file}`,
        )
      return `${name} ${version} (${license})`
    })
    const written = [...licences.matchAll(/^(.+)\n=+$/gm)].map(([, heading]) => heading)
    t.strictSame(written.toSorted(), headings.toSorted())
    for (const name of ['chalk', 'yargs', 'yargs-parser', 'cliui', 'y18n', 'cli-table3', 'zod'])
      t.ok(
        headings.some((heading) => heading.startsWith(`${name} `)),
        `${name} is found`,
      )
  },
)

t.test('a package without a text of its licence ends the build', async (t) => {
  const { writeLicences } = await ofBuild('licences.mjs')
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
