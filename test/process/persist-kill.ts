import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t, { type Test } from 'tap'
import { fstabLine, fstabPath } from '../../src/model/mounts/persist/fstab.ts'
import { unitPath, unitText, wantsPath } from '../../src/model/mounts/persist/systemd-unit.ts'
import { dropIn, dropInHead } from '../helpers/lasting-stage.ts'
import { huge, scratch } from '../helpers/persist.ts'
import { persist } from '../helpers/persist-words.ts'
import { node, temporary } from '../helpers/run.ts'

const bundle = join(temporary(t), 'persist.cjs')
buildSync({
  entryPoints: [join(import.meta.dirname, '../helpers/persist-program.ts')],
  bundle: true,
  platform: 'node',
  // A process that loads no ES module starts faster.
  format: 'cjs',
  outfile: bundle,
  logLevel: 'silent',
})

/** From nothing: tap would put its own loader into the environment. */
const fromNothing = ['-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']

const before = '# a\n/dev/sda1 / ext4 ro 0 1'
const added = `${before}\n${fstabLine(huge, true)}`
const unit = unitPath('mnt-huge.mount')
const wants = wantsPath('mnt-huge.mount')

const machine = (t: Test) => {
  const root = temporary(t)
  scratch(root, {
    [fstabPath]: before,
    '/etc/systemd/system/x.service': '',
    '/run/systemd/system/x.service': '',
  })
  return root
}

/** Calls by which files change, none of which Node makes before the program begins. */
const changing = ['fchown', 'fchmod', 'fsync', 'rename', 'symlink', 'mkdir', 'unlink', 'rmdir']

const act = (words: readonly string[], under: readonly string[]) => {
  const line = [...fromNothing, ...under, node, bundle, ...words]
  const { status, signal, stderr } = spawnSync('/usr/bin/env', line, { encoding: 'utf8' })
  return { status, signal, stderr }
}

/** With --seccomp-bpf, which takes half of the time, strace puts no signals in. */
const strace = (file: string, rule: string, ...faster: readonly '--seccomp-bpf'[]) => [
  ...['strace', '-f', ...faster, '-qq', '-o', file],
  ...['-e', `trace=${changing.map((one) => `?${one}`)}`, '-e', rule],
]

/** The calls of one run, in order. */
const callsOf = (t: Test, words: readonly string[]): readonly string[] => {
  const file = join(temporary(t), 'trace')
  const { status, stderr } = act(words, strace(file, 'abbrev=none', '--seccomp-bpf'))
  t.equal(status, 0, stderr)
  return [...readFileSync(file, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)].map(([, name]) => name ?? '')
}

const put = (root: string, kind: string) => ['put', root, kind, huge.target, `${huge.size}`]
const take = (root: string) => ['take', root, huge.target]

interface Turn {
  readonly words: (root: string) => readonly string[]
  /** What has to stand before it. */
  readonly prepare: (root: string) => Promise<void>
  /** Every text that may stand at a path at any moment; undefined where nothing may. */
  readonly states: Readonly<Record<string, readonly (string | undefined)[]>>
  /** In the end. */
  readonly done: Readonly<Record<string, string | undefined>>
}

const text = unitText(huge)
const dropInText = `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\nsize = "8M"\nmkdir = true\n`

const turns: Readonly<Record<string, Turn>> = {
  'putting a line': {
    words: (root) => put(root, 'fstab'),
    prepare: async () => {},
    states: { [fstabPath]: [before, added] },
    done: { [fstabPath]: added },
  },
  'taking a line': {
    words: take,
    prepare: (root) => persist(put(root, 'fstab')),
    states: { [fstabPath]: [before, added] },
    done: { [fstabPath]: before },
  },
  'putting a unit': {
    words: (root) => put(root, 'systemd'),
    prepare: async () => {},
    states: { [fstabPath]: [before], [unit]: [undefined, text], [wants]: [undefined, text] },
    done: { [unit]: text, [wants]: text },
  },
  'taking a unit': {
    words: take,
    prepare: (root) => persist(put(root, 'systemd')),
    states: { [fstabPath]: [before], [unit]: [undefined, text], [wants]: [undefined, text] },
    done: { [unit]: undefined, [wants]: undefined },
  },
  'putting into a new drop-in': {
    words: (root) => put(root, 'config'),
    prepare: async () => {},
    states: { [dropIn]: [undefined, dropInText] },
    done: { [dropIn]: dropInText },
  },
  'taking from the drop-in': {
    words: take,
    prepare: (root) => persist(put(root, 'config')),
    states: { [dropIn]: [dropInText, dropInHead] },
    done: { [dropIn]: dropInHead },
  },
}

/** The text behind a path; the link of a unit leads to the machine's own directory. */
const textAt = (root: string, path: string): string | undefined => {
  const names = readdirSync(join(root, '/etc/systemd/system'), {
    recursive: true,
    encoding: 'utf8',
  })
  const linked = path === wants && names.includes('local-fs.target.wants/mnt-huge.mount')
  const file = join(root, linked ? unit : path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

const unfinished = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.#'))

for (const [title, { words, prepare, states, done }] of Object.entries(turns))
  t.test(`kill -9 at any call while ${title}`, async (t) => {
    const fresh = machine(t)
    await prepare(fresh)
    const traced = temporary(t)
    cpSync(fresh, traced, { recursive: true, verbatimSymlinks: true })
    const calls = callsOf(t, words(traced))
    t.ok(calls.length >= 4, calls.join(' '))
    for (const name of new Set(calls))
      for (let nth = 1; nth <= calls.filter((one) => one === name).length; nth += 1) {
        const root = temporary(t)
        cpSync(fresh, root, { recursive: true, verbatimSymlinks: true })
        const rule = `inject=${name}:signal=KILL:when=${nth}`
        const { signal } = act(words(root), strace('/dev/null', rule))
        t.equal(signal, 'SIGKILL', `${name} ${nth}`)
        for (const [path, allowed] of Object.entries(states))
          t.ok(allowed.includes(textAt(root, path)), `${path}: old or new at ${name} ${nth}`)
        await t.resolves(persist(words(root)), 'the next one goes on')
        t.strictSame(unfinished(root), [], `nothing in the making stays at ${name} ${nth}`)
        for (const [path, wanted] of Object.entries(done)) t.equal(textAt(root, path), wanted, path)
      }
  })

t.test('the new text is on disk before it takes the place of the old one', async (t) => {
  const root = machine(t)
  const calls = callsOf(t, put(root, 'fstab')).filter((name) => name !== 'fchmod')
  const file = ['fsync', 'rename', 'fsync']
  t.strictSame(calls, [...file, ...file], 'the backup, then the file, each with its directory')
  t.strictSame(unfinished(root), [])
})

/** What every path is, but for the backup of fstab, which may be there or not. */
const contents = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => [join(entry.parentPath, entry.name), entry] as const)
      .filter(([path]) => !path.endsWith('-backup'))
      .map(([path, entry]) => [
        path.slice(root.length),
        entry.isSymbolicLink()
          ? `-> ${readlinkSync(path)}`
          : entry.isFile()
            ? readFileSync(path, 'utf8')
            : 'directory',
      ]),
  )

for (const [title, { words, prepare }] of Object.entries(turns))
  t.test(`any call that fails while ${title} leaves all as it was`, async (t) => {
    const fresh = machine(t)
    await prepare(fresh)
    const traced = temporary(t)
    cpSync(fresh, traced, { recursive: true, verbatimSymlinks: true })
    const calls = callsOf(t, words(traced))
    for (const name of new Set(calls))
      for (let nth = 1; nth <= calls.filter((one) => one === name).length; nth += 1) {
        const root = temporary(t)
        cpSync(fresh, root, { recursive: true, verbatimSymlinks: true })
        const rule = `inject=${name}:error=ENOSPC:when=${nth}`
        const { status } = act(words(root), strace('/dev/null', rule, '--seccomp-bpf'))
        t.equal(status, 1, `${name} ${nth}`)
        t.strictSame(contents(root), contents(fresh), `${name} ${nth}`)
      }
  })
