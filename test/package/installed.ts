import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { filesBelow, run, temporary, treePath } from '../helpers/run.ts'
import { needs } from '../helpers/terminal.ts'
import { archive, type Prefix, prefixOf, users } from './support/prefix.ts'

// The package without compiler and without scripts, on every Node that it is for.

t.setTimeout(300_000)

const top = join(import.meta.dirname, '../..')
const manifest: { readonly version: string; readonly man: readonly string[] } = JSON.parse(
  readFileSync(join(top, 'package.json'), 'utf8'),
)

/** A Node where every user can run it. */
const nodeOf = (t: Test, major: string): string => {
  const file = join(temporary(t), 'node')
  const kept = execFileSync('sh', [join(top, 'test/nodes/get.sh'), major], { encoding: 'utf8' })
  copyFileSync(kept.trim(), file)
  return file
}

const tries = async (t: Test, prefix: Prefix, uid: number | undefined): Promise<void> => {
  const hugepool = (...words: readonly string[]) =>
    prefix.spawn('hugepool', words, uid === undefined ? {} : { uid })
  const words = ['list', '--per-node']
  t.strictSame(
    hugepool(...words, '--sysroot', treePath('two-nodes')),
    await run(words, { tree: 'two-nodes' }),
  )
  t.strictSame(hugepool('--version'), {
    status: 0,
    stdout: `hugepool ${manifest.version}\n`,
    stderr: '',
  })
  t.strictSame(hugepool('list').status, 0)
  t.strictSame(hugepool('resize', 'default=+1', '--dry-run').status, 0)
  // Whether this machine has a page makes no difference to the addon.
  const { status, stdout, stderr } = hugepool('test', 'default=1', '--json')
  t.ok(status === 0 || status === 1, `${status} ${stderr}`)
  t.hasStrict(JSON.parse(stdout), { via: 'anon', pages: 1 })
}

for (const major of ['20', '22', '24', '26'])
  t.test(`Node ${major} without compiler and without scripts`, async (t) => {
    const prefix = prefixOf(t, nodeOf(t, major))
    t.match(prefix.spawn('node', ['--version']).stdout, new RegExp(`^v${major}\\.`))
    prefix.npm(t, 'install', '--global', '--ignore-scripts', archive)
    const before = filesBelow(prefix.home)
    for (const uid of users) await tries(t, prefix, uid)
    t.strictSame(filesBelow(prefix.home), before, 'nothing is written where it lies')
    t.notOk(existsSync(join(prefix.home, 'native/build')), 'nothing was compiled')
  })

t.test('what else is in it', async (t) => {
  const prefix = prefixOf(t, process.execPath, process.env.PATH)
  prefix.npm(t, 'install', '--global', '--ignore-scripts', archive)

  t.test('man', async (t) => {
    needs('man', 'man-db')
    const environment = { MANPATH: join(prefix.directory, 'share/man') }
    for (const page of manifest.man) {
      const [, name = '', section = ''] = /([^/]+)\.(\d)\.gz$/.exec(page) ?? []
      const { status, stdout } = prefix.spawn('man', ['--where', section, name], { environment })
      t.strictSame({ status, page: stdout.trim() }, { status: 0, page: join(prefix.home, page) })
    }
    const asked = { environment: { ...environment, MANPAGER: 'cat', LC_ALL: 'C' } }
    t.match(prefix.spawn('man', ['hugepool'], asked).stdout, /^HUGEPOOL\(8\)/)
  })

  t.test('completion', async (t) => {
    const script = `. "$1/dist/completions/bash/hugepool"
      COMP_LINE='hugepool resi' COMP_POINT=13 COMP_WORDS=(hugepool resi) COMP_CWORD=1
      _hugepool
      echo "\${COMPREPLY[@]}"`
    t.strictSame(prefix.spawn('bash', ['-c', script, 'bash', prefix.home]), {
      status: 0,
      stdout: 'resize\n',
      stderr: '',
    })
  })

  t.test('the licences of others, and its own', async (t) => {
    for (const name of ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt'])
      t.ok(existsSync(join(prefix.home, name)), name)
    t.match(prefix.spawn('hugepool', ['man', 'licences']).stdout, /^MIT License\n[\s\S]*^yargs /m)
  })

  t.test('it goes as it came', async (t) => {
    prefix.npm(t, 'uninstall', '--global', 'hugepool')
    t.notOk(existsSync(join(prefix.directory, 'bin/hugepool')))
    t.notOk(existsSync(prefix.home))
    for (const section of ['man5', 'man8'])
      t.strictSame(readdirSync(join(prefix.directory, 'share/man', section)), [])
  })
})
