import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { temporary, withoutLoader } from '../helpers/run.ts'

// Whether a commit can be released: in repositories that can be, but for one thing.

const top = join(import.meta.dirname, '../..')
const { release } = await import(pathToFileURL(join(top, 'bin/release/release.mjs')).href)

const manifest = {
  name: 'hugepool',
  version: '0.2.0',
  type: 'module',
  man: ['./dist/man/hugepool.8.gz'],
  files: ['bin', 'dist', 'native', 'CHANGELOG.md'],
  dependencies: { chalk: '^5.6.2' },
  devDependencies: { tap: '^21.8.0' },
}
const { name, version, dependencies, devDependencies } = manifest
const lock = {
  ...{ name, version, lockfileVersion: 3 },
  packages: { '': { name, version, dependencies, devDependencies } },
}
const bom = {
  ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
  metadata: { component: { name, version, 'bom-ref': 'hugepool' } },
  components: [{ name: 'chalk', 'bom-ref': 'chalk' }],
  dependencies: [{ ref: 'chalk' }, { ref: 'hugepool', dependsOn: ['chalk'] }],
}

const changelog = `# Changelog

## [Unreleased]

## [0.2.0] - 2026-02-02

### Added

- Something.

## [0.1.0] - 2026-01-01

- All of it.

[Unreleased]: https://example.com/compare/v0.2.0...HEAD
[0.2.0]: https://example.com/releases/tag/v0.2.0
`

const artefacts = [
  'hugepool-0.2.0-linux-x64',
  'hugepool-0.2.0-linux-arm64',
  'hugepool_0.2.0-1_amd64.deb',
  'hugepool_0.2.0-1_arm64.deb',
  'hugepool-0.2.0-1.x86_64.rpm',
  'hugepool-0.2.0-1.aarch64.rpm',
]
const inPackage = [
  'README.md',
  'LICENSE',
  'bin/hugepool.js',
  'dist/hugepool.js',
  'dist/THIRD-PARTY-LICENCES.txt',
  'dist/man/hugepool.8.gz',
  'native/prebuilds/linux-x64/hugepool.node',
  'native/prebuilds/linux-arm64/hugepool.node',
]

const contents: Readonly<Record<string, string>> = {
  ...Object.fromEntries(inPackage.map((path) => [path, path])),
  ...Object.fromEntries(artefacts.map((path) => [`release/${path}`, path])),
  'package.json': JSON.stringify(manifest),
  'package-lock.json': JSON.stringify(lock),
  'CHANGELOG.md': changelog,
  'src/version.ts': "export const version = '0.2.0'\n",
  'man/hugepool.8': '.Dd February 2, 2026\n.Dt HUGEPOOL 8\n',
  'dist/sbom.cdx.json': JSON.stringify(bom),
  '.gitignore': 'dist\nrelease\nnative/prebuilds\n',
}

const write = (directory: string, path: string, text: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}

const git = (directory: string, ...words: readonly string[]): string =>
  execFileSync('git', ['-C', directory, ...words], {
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' },
      ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' },
      GIT_COMMITTER_DATE: '2026-02-02T12:00:00Z',
    },
  })

/** A repository at the commit of version 0.2.0, which comes after 0.1.0. */
const repository = (t: Test): string => {
  const directory = temporary(t)
  git(directory, 'init', '--quiet')
  git(directory, 'commit', '--quiet', '--allow-empty', '-m', 'first')
  git(directory, 'tag', 'v0.1.0')
  for (const [path, text] of Object.entries(contents)) write(directory, path, text)
  commit(directory)
  git(directory, 'tag', 'v0.2.0')
  return directory
}

const commit = (directory: string): void => {
  git(directory, 'add', '--all')
  git(directory, 'commit', '--quiet', '-m', 'second')
}

/** Changes a file and makes the commit that has the tag again. */
const amend = (directory: string, path: string, text: string): void => {
  write(directory, path, text)
  git(directory, 'commit', '--quiet', '--all', '--amend', '-m', 'second')
  git(directory, 'tag', '--force', 'v0.2.0')
}

interface Packed {
  readonly path: string
  readonly size: number
}

const packedFiles: readonly Packed[] = [...inPackage, 'CHANGELOG.md', 'dist/sbom.cdx.json'].map(
  (path) => ({ path, size: 10 }),
)

/** What stands for npm, which takes half a second. */
const packing = (files: readonly Packed[]) => () => ({
  name: 'hugepool-0.2.0.tgz',
  data: Buffer.from('packed'),
  files,
})
const versionsOf = () => ({ node: '26.1.2', modules: '144', uv: '1.52.0' })

/** What stands for the tools of packages: each of them has the program of its processor, of which x64 is one name. */
const inside = (file: string) => {
  const arch = /amd64|x86_64/.test(file) ? 'x64' : 'arm64'
  const [, version = ''] = /hugepool[-_](.+?)-1[._]/.exec(basename(file)) ?? []
  const program = join(dirname(file), `hugepool-${version}-linux-${arch}`)
  return { algorithm: 'sha256', sum: sum(readFileSync(program)) }
}

const look = (directory: string, files = packedFiles, dryRun = true) =>
  release(directory, dryRun, { pack: packing(files), inside, versionsOf }) as {
    readonly can: boolean
    readonly text: string
  }

/** What is found against a release, and what to do, both by the names of the checks. */
const faultsIn = (text: string) => {
  const [table = '', todo = ''] = text.split('\nto do:\n')
  const found = [...table.matchAll(/^(\S+) +FAULT +(.+)$/gm)].map(([, check, why]) => [check, why])
  const [lines = ''] = todo.split('\n\n')
  const todos = [...lines.matchAll(/^(\w+): (.+)$/gm)].map(([, check, what]) => [check, what])
  return { found: Object.fromEntries(found), todo: Object.fromEntries(todos) }
}

const possible = [true, { found: {}, todo: {} }]

const sum = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

t.test('a commit that can be released', async (t) => {
  const directory = repository(t)
  const before = readdirSync(join(directory, 'release'))
  const { can, text } = look(directory)
  t.strictSame([can, faultsIn(text)], possible)
  t.strictSame(readdirSync(join(directory, 'release')), before, 'a dry run writes nothing')
  t.equal(git(directory, 'status', '--porcelain', '--ignored').match(/tgz/), null)
  const files = text.split('\nFILE')[1]?.split('\n').slice(1) ?? []
  t.strictSame(
    files.flatMap((line) => line.split(' ')[0] || []),
    [
      'hugepool-0.2.0.tgz',
      ...artefacts,
      'hugepool-0.2.0.cdx.json',
      ...artefacts.map((file) => `${file}.cdx.json`),
      'SHA256SUMS',
    ],
  )
  const deb = artefacts[2] ?? ''
  t.match(text, new RegExp(`^${deb} +Debian package +26 {2}${sum(deb).slice(0, 16)}$`, 'm'))
  t.notMatch(text, /npm publish/)
})

t.test('what is written for it, and how it is published', async (t) => {
  const directory = repository(t)
  const { can, text } = look(directory, packedFiles, false)
  t.strictSame([can, faultsIn(text)], possible)
  const read = (file: string) => readFileSync(join(directory, 'release', file), 'utf8')
  t.equal(read('hugepool-0.2.0.tgz'), 'packed')
  t.equal(read('NOTES.md'), '### Added\n\n- Something.\n')
  const checked = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
    cwd: join(directory, 'release'),
    encoding: 'utf8',
  })
  t.equal(checked.status, 0, checked.stdout + checked.stderr)
  const known = [...read('SHA256SUMS').matchAll(/^[0-9a-f]{64} {2}(\S+)$/gm)].map(
    ([, file = '']) => file,
  )
  t.strictSame(
    [...known, 'NOTES.md', 'SHA256SUMS'].sort(),
    readdirSync(join(directory, 'release')).sort(),
  )
  t.ok(known.includes('hugepool-0.2.0-1.x86_64.rpm'))

  for (const file of artefacts) {
    const inside = JSON.parse(read(`${file}.cdx.json`))
    t.strictSame(inside.metadata.component.hashes, [{ alg: 'SHA-256', content: sum(file) }])
    t.strictSame(
      inside.components.map((each: { readonly name: string }) => each.name),
      ['chalk', 'node'],
    )
  }

  const [, commands = ''] = text.split('\nto publish, type in this directory:\n')
  const [push, publish, create, ...rest] = commands.split('\n')
  t.strictSame(
    [push, publish, ...rest],
    [
      'git push origin v0.2.0',
      'npm publish ./release/hugepool-0.2.0.tgz --provenance=false',
      '',
      'npm states where a package was made only in a job of GitHub or GitLab: there without --provenance=false',
      '',
    ],
  )
  t.ok(create?.startsWith('gh release create v0.2.0 --verify-tag '))
  for (const file of [...known, 'SHA256SUMS']) t.ok(create?.includes(` release/${file}`), file)
})

interface Fault {
  readonly check: string
  readonly found: string
  readonly todo: string
  readonly make: (directory: string) => void
  readonly files?: readonly Packed[]
}

const past = new Date('2026-02-02T11:59:00Z')
const changelogOf = (from: string, to: string) => (directory: string) =>
  amend(directory, 'CHANGELOG.md', changelog.replace(from, to))

const faults: readonly Fault[] = [
  {
    check: 'tree',
    found: 'not committed: README.md, a, b and 1 more',
    todo: 'git add and git commit them, or git stash -u',
    make: (directory) => {
      for (const path of ['README.md', 'a', 'b', 'c']) write(directory, path, 'new')
    },
  },
  {
    check: 'version',
    found: '0.2.0 does not come after v0.10.0',
    todo: 'npm version --no-git-tag-version gives a later one to package.json and the lock',
    make: (directory) => {
      for (const tag of ['v0.10.0', 'v0.3.0', 'vague']) git(directory, 'tag', tag)
    },
  },
  {
    check: 'tag',
    found: 'there is no tag v0.2.0',
    todo: "git tag -a v0.2.0 -m 'hugepool 0.2.0'",
    make: (directory) => git(directory, 'tag', '--delete', 'v0.2.0'),
  },
  {
    check: 'tag',
    found: 'v0.2.0 is another commit',
    todo: 'git switch --detach v0.2.0, or give package.json a later version',
    make: (directory) => git(directory, 'commit', '--quiet', '--allow-empty', '-m', 'one more'),
  },
  {
    check: 'source',
    found: 'src/version.ts has 0.1.0',
    todo: 'write 0.2.0, which package.json has, there',
    make: (directory) => amend(directory, 'src/version.ts', "export const version = '0.1.0'\n"),
  },
  ...[
    { ...lock, version: '0.1.0' },
    { ...lock, packages: { '': { ...lock.packages[''], version: '0.1.0' } } },
    { ...lock, packages: { '': { ...lock.packages[''], devDependencies: {} } } },
  ].map((other) => ({
    check: 'lock',
    found: 'package-lock.json has another version or other dependencies than package.json',
    todo: 'npm install --package-lock-only',
    make: (directory: string) => amend(directory, 'package-lock.json', JSON.stringify(other)),
  })),
  {
    check: 'changelog',
    found: 'CHANGELOG.md has no section of this version',
    todo: 'it begins with ## [0.2.0] - 2026-02-02',
    make: changelogOf('[0.2.0] - ', '[0.2.1] - '),
  },
  {
    check: 'changelog',
    found: 'CHANGELOG.md has the day 2026-02-03',
    todo: 'write ## [0.2.0] - 2026-02-02',
    make: changelogOf('2026-02-02', '2026-02-03'),
  },
  {
    check: 'changelog',
    found: 'CHANGELOG.md has changes under [Unreleased]',
    todo: 'move them into the section of the version that they come with',
    make: changelogOf('## [Unreleased]\n', '## [Unreleased]\n\n- Not yet.\n'),
  },
  {
    check: 'changelog',
    found: 'the section of this version in CHANGELOG.md is empty',
    todo: 'write what changed',
    make: changelogOf('### Added\n\n- Something.\n', ''),
  },
  ...['February 1, 2026', 'Mdocdate'].map((date) => ({
    check: 'manual',
    found: 'older by .Dd than by their commits: hugepool.8 (2026-02-02)',
    todo: 'give .Dd of each the day of its last change',
    make: (directory: string) => amend(directory, 'man/hugepool.8', `.Dd ${date}\n`),
  })),
  {
    check: 'build',
    found: 'dist is missing or older than the commit',
    todo: 'npm run build',
    make: (directory) => utimesSync(join(directory, 'dist/hugepool.js'), past, past),
  },
  {
    check: 'build',
    found: 'dist is missing or older than the commit',
    todo: 'npm run build',
    make: (directory) => rmSync(join(directory, 'dist'), { recursive: true }),
  },
  {
    check: 'content',
    found: 'missing in the package: dist/man/hugepool.8.gz',
    todo: 'npm run build && npm run build:addons',
    make: () => {},
    files: packedFiles.filter(({ path }) => path !== 'dist/man/hugepool.8.gz'),
  },
  {
    check: 'content',
    found: 'missing in the package: native/prebuilds/linux-arm64/hugepool.node',
    todo: 'npm run build && npm run build:addons',
    make: () => {},
    files: packedFiles.filter(({ path }) => !path.includes('linux-arm64')),
  },
  {
    check: 'size',
    found: '2.00 MiB unpacked without addons',
    todo: 'less than 2 MiB is promised: npm pack --dry-run lists all files',
    make: () => {},
    files: packedFiles.map(({ path }, index) => ({ path, size: index === 0 ? 2 ** 21 : 1 })),
  },
  {
    check: 'artefacts',
    found:
      'in release missing or older than the commit: hugepool-0.2.0-linux-arm64, hugepool_0.2.0-1_amd64.deb, hugepool-0.2.0-1.x86_64.rpm',
    todo: 'npm run dist -- arm64 && npm run dist:deb -- x64 && npm run dist:rpm -- x64',
    make: (directory) => {
      rmSync(join(directory, 'release/hugepool-0.2.0-linux-arm64'))
      for (const file of ['hugepool_0.2.0-1_amd64.deb', 'hugepool-0.2.0-1.x86_64.rpm'])
        utimesSync(join(directory, 'release', file), past, past)
    },
  },
]

t.test('each fault is told with what to do, and nothing is written', async (t) => {
  for (const { check, found, todo, make, files } of faults) {
    const directory = repository(t)
    make(directory)
    const before = readdirSync(join(directory, 'release'))
    const { can, text } = look(directory, files, false)
    t.strictSame(
      [can, faultsIn(text)],
      [false, { found: { [check]: found }, todo: { [check]: todo } }],
      found,
    )
    t.strictSame(readdirSync(join(directory, 'release')), before)
    t.notMatch(text, /npm publish/)
  }
})

t.test('a package that has another program inside is told', async (t) => {
  const directory = repository(t)
  const packages = artefacts.slice(2)
  const [deb = '', , , rpm = ''] = packages
  const asked: string[] = []
  const outdated = (file: string) => {
    asked.push(basename(file))
    return [deb, rpm].includes(basename(file))
      ? { algorithm: 'md5', sum: sum('older') }
      : inside(file)
  }
  const { can, text } = release(directory, true, {
    pack: packing(packedFiles),
    inside: outdated,
    versionsOf,
  })
  t.strictSame(asked, packages)
  t.strictSame(
    [can, faultsIn(text)],
    [
      false,
      {
        found: {
          artefacts: `in release with another program inside than the one file there: ${deb}, ${rpm}`,
        },
        todo: { artefacts: 'npm run dist:deb -- x64 && npm run dist:rpm -- arm64' },
      },
    ],
  )
})

t.test('all faults are told at once', async (t) => {
  const directory = repository(t)
  amend(directory, 'src/version.ts', "export const version = '0.1.0'\n")
  git(directory, 'tag', '--delete', 'v0.2.0')
  write(directory, 'README.md', 'new')
  rmSync(join(directory, 'release'), { recursive: true })
  const { can, text } = look(directory)
  t.equal(can, false)
  const { found, todo } = faultsIn(text)
  t.strictSame(Object.keys(found), ['tree', 'tag', 'source', 'artefacts'])
  t.strictSame(Object.keys(todo), Object.keys(found))
  t.match(text, /^hugepool-0\.2\.0-linux-x64 +one file +- +missing$/m)
})

t.test('addons do not count in what is promised of the package', async (t) => {
  const files = packedFiles.map(({ path }) => ({
    path,
    size: path.includes('prebuilds') ? 2 ** 22 : 1,
  }))
  t.ok(look(repository(t), files).can)
})

t.test('a version before others is not the newest one of npm', async (t) => {
  const directory = repository(t)
  for (const path of ['package.json', 'package-lock.json', 'src/version.ts', 'CHANGELOG.md'])
    write(directory, path, (contents[path] ?? '').replaceAll('0.2.0', '0.2.0-rc.1'))
  for (const path of artefacts)
    write(directory, `release/${path.replace('0.2.0', '0.2.0-rc.1')}`, path)
  git(directory, 'tag', '--delete', 'v0.2.0')
  commit(directory)
  git(directory, 'tag', 'v0.2.0-rc.1')
  const { can, text } = look(directory, packedFiles, false)
  t.strictSame([can, faultsIn(text)], possible)
  t.match(text, /^npm publish .* --provenance=false --tag next$/m)
})

t.test('npm packs what is there', async (t) => {
  const directory = repository(t)
  const { can, text } = release(directory, true, { inside, versionsOf })
  t.strictSame([can, faultsIn(text)], possible)
  t.match(text, /^hugepool-0\.2\.0\.tgz +npm package +\d+ {2}[0-9a-f]{16}$/m)
  t.strictSame(
    readdirSync(directory).filter((path) => path.endsWith('.tgz')),
    [],
  )
})

t.test('other words are refused', async (t) => {
  const run = (...words: readonly string[]) =>
    spawnSync('env', [...withoutLoader, process.execPath, 'bin/release/main.mjs', ...words], {
      cwd: top,
      encoding: 'utf8',
    })
  for (const word of ['--dry', 'now']) {
    const { status, stdout, stderr } = run(word)
    t.strictSame([status, stdout], [2, ''])
    t.match(stderr, /^release: .*'.*'.*\nnpm run release -- \[--dry-run\]\n$/)
  }
})
