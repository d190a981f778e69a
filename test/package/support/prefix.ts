import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from '../../helpers/run.ts'

const top = join(import.meta.dirname, '../../..')

/** The package that test/package/run.sh has made. */
export const archive = process.env.HUGEPOOL_TEST_PACKAGE ?? ''
if (archive === '') throw new Error("'npm run test:package' makes the package that this tries")

/** A setting of npm here: the machine decides where packages come from and where they are kept. */
const setting = (name: string): string =>
  spawnSync('npm', ['config', 'get', name], { encoding: 'utf8', cwd: top }).stdout.trim()

const settings = {
  npm_config_globalconfig: setting('globalconfig'),
  npm_config_userconfig: setting('userconfig'),
  npm_config_registry: setting('registry'),
  npm_config_cache: setting('cache'),
  npm_config_prefer_offline: 'true',
  npm_config_devdir: join(homedir(), '.cache/node-gyp'),
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  // How fast an addon is that is compiled for a test makes no difference.
  CXXFLAGS: '-O0',
}

/** npm as a file, which any Node can run. */
const npm = join(
  spawnSync('npm', ['root', '--global'], { encoding: 'utf8', cwd: top }).stdout.trim(),
  'npm/bin/npm-cli.js',
)

export interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Prefix {
  /** Where the package is then. */
  readonly home: string
  readonly directory: string
  readonly spawn: (command: string, words: readonly string[], options?: SpawnOptions) => Said
  /** Runs npm, which must end well. */
  readonly npm: (t: Test, ...words: readonly string[]) => Said
}

export interface SpawnOptions {
  readonly uid?: number
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * A prefix of npm that is gone when the test ends, of a user who has nothing of this checkout. On PATH
 * are what was installed, this Node, and after them `rest`; without it no more than two programs of the
 * system, so no compiler.
 */
export const prefixOf = (t: Test, node: string, rest?: string): Prefix => {
  const scratch = temporary(t)
  const directory = join(scratch, 'prefix')
  const programs = join(scratch, 'programs')
  mkdirSync(programs)
  symlinkSync(node, join(programs, 'node'))
  for (const name of ['sh', 'dirname']) symlinkSync(`/bin/${name}`, join(programs, name))
  const path = [join(directory, 'bin'), programs, ...(rest === undefined ? [] : [rest])]
  const env = {
    HOME: scratch,
    PATH: path.join(delimiter),
    npm_config_prefix: directory,
    ...settings,
  }
  const spawn: Prefix['spawn'] = (command, words, { uid, environment } = {}) => {
    const { status, stdout, stderr, error } = spawnSync(command, words, {
      encoding: 'utf8',
      cwd: scratch,
      env: { ...env, ...environment },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    })
    if (error) throw error
    return { status, stdout, stderr }
  }
  return {
    home: join(directory, 'lib/node_modules/hugepool'),
    directory,
    spawn,
    npm: (t, ...words) => {
      const said = spawn(node, [npm, ...words])
      t.equal(said.status, 0, `npm ${words.join(' ')}\n${said.status === 0 ? '' : said.stderr}`)
      return said
    },
  }
}

/** This user, and where that is root one without any privilege. */
export const users: readonly (number | undefined)[] =
  process.getuid?.() === 0 ? [undefined, 65534] : [undefined]
