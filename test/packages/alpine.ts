import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { openrcScript } from '../../src/model/config/service/init-scripts.ts'
import { run, spawnProgram, temporary, treePath } from '../helpers/run.ts'

// APKBUILD without Alpine: its words, and what its function lays into a directory. It says what abuild(1)
// would say to it: where the sources are, where they go to, and for which processor.

t.setTimeout(300_000)

const top = join(import.meta.dirname, '../..')
const [made = '', archive = ''] = [
  process.env.HUGEPOOL_TEST_APKBUILD,
  process.env.HUGEPOOL_TEST_PACKAGE,
]

/** Files that APKBUILD has in its directory. */
const beside = ['hugepool.initd', 'hugepool.toml']

const packaged = (t: Test, processor: string): string => {
  const [source, directory] = [temporary(t), temporary(t)]
  execFileSync('tar', ['-xzf', archive, '-C', source])
  for (const name of beside) copyFileSync(join(dirname(made), name), join(source, name))
  const line = `set -eu; srcdir=$1; pkgdir=$2; CARCH=$3; . "$4"; cd "$builddir"; package`
  execFileSync('dash', ['-c', line, 'dash', source, directory, processor, made])
  return directory
}

t.test('it is a shell script in which nothing is amiss', async (t) => {
  t.equal(spawnSync('dash', ['-n', made]).status, 0)
  // What abuild(1) reads or sets is neither used nor set here.
  const words = ['--shell=dash', '--exclude=SC2034,SC2154', made]
  const { status, stdout } = spawnSync('shellcheck', words, { encoding: 'utf8' })
  t.strictSame({ status, stdout }, { status: 0, stdout: '' })
})

t.test('the sums are those of the package and the files beside it', async (t) => {
  for (const file of [archive, ...beside.map((name) => join(dirname(made), name))]) {
    const [sum] = execFileSync('sha512sum', [file], { encoding: 'utf8' }).split(' ')
    const name = file === archive ? 'hugepool-$pkgver.tgz' : basename(file)
    t.match(readFileSync(made, 'utf8'), `\n${sum}  ${name}\n`)
  }
})

t.test('it installs what other packages do, but for what is for systemd', async (t) => {
  const directory = packaged(t, 'x86_64')
  const textAt = (path: string) => readFileSync(join(directory, path), 'utf8')
  t.equal(
    textAt('etc/hugepool.toml'),
    readFileSync(join(top, 'bin/packages/hugepool.toml'), 'utf8'),
  )
  t.equal(
    textAt('etc/init.d/hugepool'),
    openrcScript({ words: ['/usr/bin/hugepool'], form: 'early', late: [] }),
  )
  t.equal(statSync(join(directory, 'etc/init.d/hugepool')).mode & 0o777, 0o755)
  t.equal(JSON.parse(textAt('usr/share/doc/hugepool/sbom.cdx.json')).bomFormat, 'CycloneDX')
  for (const path of ['etc/hugepool.d', 'usr/share/licenses/hugepool/LICENSE'])
    t.ok(existsSync(join(directory, path)), path)
})

t.test('what it installs starts', async (t) => {
  const directory = packaged(t, 'x86_64')
  const program = join(directory, 'usr/bin/hugepool')
  t.ok(lstatSync(program).isSymbolicLink())
  const words = ['list', '--per-node']
  const { status, stdout, stderr } = spawnProgram(program, [
    ...words,
    '--sysroot',
    treePath('two-nodes'),
  ])
  t.strictSame({ status, stdout, stderr }, await run(words, { tree: 'two-nodes' }))
  t.match(spawnProgram(program, ['man', 'list']).stdout, 'hugepool-list')
  t.match(spawnProgram(program, ['man', 'licences']).stdout, /^MIT License\n/)
  const { man } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
  const pages = ['man5', 'man8'].flatMap((name) =>
    readdirSync(join(directory, 'usr/share/man', name)),
  )
  t.equal(pages.length, man.length)
})

t.test('it has the addon of its processor alone', async (t) => {
  for (const [processor, node] of [
    ['x86_64', 'linux-x64'],
    ['aarch64', 'linux-arm64'],
  ] as const) {
    const prebuilds = join(packaged(t, processor), 'usr/lib/node_modules/hugepool/native/prebuilds')
    t.strictSame(readdirSync(prebuilds), [node])
    t.strictSame(readdirSync(join(prebuilds, node)), ['hugepool.node'])
  }
})
