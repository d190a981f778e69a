import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run, spawnProgram, temporary, treePath } from '../helpers/run.ts'

// APKBUILD without Alpine: its words, and what its function lays into a directory. It says what abuild(1)
// would say to it: where the sources are, where they go to, and for which processor.

t.setTimeout(300_000)

const top = join(import.meta.dirname, '../..')
const [made = '', archive = ''] = [
  process.env.HUGEPOOL_TEST_APKBUILD,
  process.env.HUGEPOOL_TEST_PACKAGE,
]

const packaged = (t: Test, processor: string): string => {
  const [source, directory] = [temporary(t), temporary(t)]
  execFileSync('tar', ['-xzf', archive, '-C', source])
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

t.test('the sum is that of the package', async (t) => {
  const [sum] = execFileSync('sha512sum', [archive], { encoding: 'utf8' }).split(' ')
  t.match(readFileSync(made, 'utf8'), `\n${sum}  hugepool-$pkgver.tgz\n`)
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
