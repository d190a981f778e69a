import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run, temporary, treePath } from '../helpers/run.ts'
import { needs } from '../helpers/terminal.ts'

// Most of the time goes into compiling the addon.
t.setTimeout(900_000)

const top = join(import.meta.dirname, '../..')
const scratch = temporary(t)
const prefix = join(scratch, 'prefix')
const home = join(prefix, 'lib/node_modules/hugepool')

/** A setting of npm here: the machine decides where packages come from and where they are kept. */
const setting = (name: string): string =>
  spawnSync('npm', ['config', 'get', name], { encoding: 'utf8', cwd: top }).stdout.trim()

/**
 * The environment of a user who has nothing of this checkout. Headers of Node are where `npm ci` has
 * left them, if they are not beside Node.
 */
const environment = {
  HOME: scratch,
  PATH: `${join(prefix, 'bin')}:${process.env.PATH}`,
  npm_config_prefix: prefix,
  npm_config_userconfig: setting('userconfig'),
  npm_config_registry: setting('registry'),
  npm_config_cache: setting('cache'),
  npm_config_prefer_offline: 'true',
  npm_config_devdir: join(homedir(), '.cache/node-gyp'),
  npm_config_update_notifier: 'false',
}

const spawned = (command: string, words: readonly string[], more = {}, cwd = scratch) => {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    cwd,
    env: { ...environment, ...more },
  })
  return { status, stdout, stderr }
}

const mustDo = (t: Test, command: string, words: readonly string[], cwd?: string): void => {
  const { status, stderr, stdout } = spawned(command, words, {}, cwd)
  t.equal(status, 0, `${command} ${words.join(' ')}\n${status === 0 ? '' : stderr + stdout}`)
}

const manifest: { readonly version: string; readonly man: readonly string[] } = JSON.parse(
  readFileSync(join(top, 'package.json'), 'utf8'),
)
const archive = join(scratch, `hugepool-${manifest.version}.tgz`)

t.test('npm packs it and installs it', async (t) => {
  mustDo(t, 'npm', ['pack', '--pack-destination', scratch], top)
  mustDo(t, 'npm', ['install', '--global', archive])
})

t.test('list', async (t) => {
  const words = ['list', '--per-node']
  t.strictSame(
    spawned('hugepool', [...words, '--sysroot', treePath('two-nodes')]),
    await run(words, { tree: 'two-nodes' }),
  )
  t.strictSame(spawned('hugepool', ['list']).status, 0)
})

t.test('test: the addon is there', async (t) => {
  const { status, stdout, stderr } = spawned('hugepool', ['test', 'default=1', '--json'])
  // Whether this machine has a page makes no difference to the addon.
  t.ok(status === 0 || status === 1, `${status} ${stderr}`)
  t.hasStrict(JSON.parse(stdout), { via: 'anon', pages: 1 })
})

t.test('man', async (t) => {
  needs('man', 'man-db')
  const manuals = { MANPATH: join(prefix, 'share/man') }
  for (const page of manifest.man) {
    const [, name = '', section = ''] = /([^/]+)\.(\d)$/.exec(page) ?? []
    const { status, stdout } = spawned('man', ['--where', section, name], manuals)
    t.strictSame({ status, page: stdout.trim() }, { status: 0, page: join(home, page) })
  }
  const { stdout } = spawned('man', ['hugepool'], { ...manuals, MANPAGER: 'cat', LC_ALL: 'C' })
  t.match(stdout, /^HUGEPOOL\(8\)/)
})

t.test('completion', async (t) => {
  const script = `eval "$(hugepool completion bash)"
    COMP_LINE='hugepool resi' COMP_POINT=13 COMP_WORDS=(hugepool resi) COMP_CWORD=1
    _hugepool
    echo "\${COMPREPLY[@]}"`
  const { status, stdout, stderr } = spawned('bash', ['-c', script])
  t.strictSame({ status, said: stdout.trim(), stderr }, { status: 0, said: 'resize', stderr: '' })
})

t.test('the licences of others, and its own', async (t) => {
  for (const name of ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt'])
    t.ok(existsSync(join(home, name)), name)
})

t.test('it goes as it came', async (t) => {
  mustDo(t, 'npm', ['uninstall', '--global', 'hugepool'])
  t.notOk(existsSync(join(prefix, 'bin/hugepool')))
})
