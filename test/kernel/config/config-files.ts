import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findConfigFiles } from '../../../src/kernel/config/config-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

/** A machine with these files and links; the text of a file is its path. */
const machine = (
  t: Test,
  files: readonly string[],
  { links = {}, empty = [] }: { links?: Readonly<Record<string, string>>; empty?: string[] } = {},
) => {
  const root = temporary(t)
  scratch(
    root,
    Object.fromEntries([...files.map((path) => [path, path]), ...empty.map((path) => [path, ''])]),
  )
  for (const [path, to] of Object.entries(links)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    symlinkSync(to, join(root, path))
  }
  return directoryTree(root)
}

/** The paths that count and their texts, in order, and those that do not with the reason. */
const found = (tree: ReturnType<typeof directoryTree>) => {
  const { found, skipped } = findConfigFiles(tree)
  return [
    found.map(({ path, octets }) => (path === octets ? path : `${path}: ${octets}`)),
    skipped.map(({ file, why }) => `${file} ${why}`),
  ]
}

t.test('a machine without a configuration', async (t) => {
  t.strictSame(found(machine(t, ['/etc/passwd'])), [[], []])
  t.strictSame(found(machine(t, ['/etc/hugepool.d/README', '/etc/hugepool.d/.a.toml'])), [[], []])
})

t.test('one order by name, after the main file', async (t) => {
  const tree = machine(t, [
    '/usr/lib/hugepool.d/05-early.toml',
    '/usr/local/lib/hugepool.d/90-late.toml',
    '/run/hugepool.d/50-run.toml',
    '/etc/hugepool.d/40-etc.toml',
    '/etc/hugepool.d/.#40-etc.toml',
    '/etc/hugepool.d/60-etc.toml~',
    '/etc/hugepool.d/a.TOML',
    '/etc/hugepool.d/B.toml',
    '/etc/hugepool.d/a.toml',
    '/etc/hugepool.toml',
  ])
  t.strictSame(found(tree), [
    [
      '/etc/hugepool.toml',
      '/usr/lib/hugepool.d/05-early.toml',
      '/etc/hugepool.d/40-etc.toml',
      '/run/hugepool.d/50-run.toml',
      '/usr/local/lib/hugepool.d/90-late.toml',
      '/etc/hugepool.d/B.toml',
      '/etc/hugepool.d/a.toml',
    ],
    [],
  ])
})

t.test('of one name the first directory counts', async (t) => {
  const directories = [
    '/etc/hugepool.d',
    '/run/hugepool.d',
    '/usr/local/lib/hugepool.d',
    '/usr/lib/hugepool.d',
  ]
  for (const [index, directory] of directories.entries()) {
    const rest = directories.slice(index).map((each) => `${each}/x.toml`)
    t.strictSame(found(machine(t, rest)), [
      [`${directory}/x.toml`],
      rest.slice(1).map((path) => `${path} is hidden by ${directory}/x.toml`),
    ])
  }
})

t.test('an empty file or a link to /dev/null switches others off', async (t) => {
  const tree = machine(
    t,
    ['/usr/lib/hugepool.d/a.toml', '/usr/lib/hugepool.d/b.toml', '/run/hugepool.d/c.toml'],
    {
      empty: [
        '/etc/hugepool.d/a.toml',
        '/etc/hugepool.toml',
        '/run/null',
        '/usr/lib/hugepool.d/c.toml',
      ],
      links: {
        '/run/hugepool.d/b.toml': '/dev/null',
        '/etc/hugepool.d/d.toml': '../../run/null',
        '/etc/hugepool.d/e.toml': '../../../dev/null',
      },
    },
  )
  t.strictSame(found(tree), [
    ['/run/hugepool.d/c.toml'],
    [
      '/etc/hugepool.toml is empty',
      '/etc/hugepool.d/a.toml is empty',
      '/run/hugepool.d/b.toml is a link to /dev/null',
      '/etc/hugepool.d/d.toml is empty',
      '/etc/hugepool.d/e.toml is a link to /dev/null',
      '/usr/lib/hugepool.d/a.toml is hidden by /etc/hugepool.d/a.toml',
      '/usr/lib/hugepool.d/b.toml is hidden by /run/hugepool.d/b.toml',
      '/usr/lib/hugepool.d/c.toml is hidden by /run/hugepool.d/c.toml',
    ],
  ])
})

t.test('links are followed, but not out of a recording', async (t) => {
  const tree = machine(t, ['/etc/real/main', '/srv/drop-ins/a.toml', '/srv/b'], {
    links: {
      '/etc/hugepool.toml': 'real/main',
      '/etc/hugepool.d': '/srv/drop-ins',
      '/srv/drop-ins/b.toml': '../../../../../srv/b',
    },
  })
  t.strictSame(found(tree), [
    [
      '/etc/hugepool.toml: /etc/real/main',
      '/etc/hugepool.d/a.toml: /srv/drop-ins/a.toml',
      '/etc/hugepool.d/b.toml: /srv/b',
    ],
    [],
  ])
  const out = machine(t, [], { links: { '/etc/hugepool.toml': '/etc/passwd' } })
  t.throws(() => findConfigFiles(out), {
    code: 'E_CONFIG',
    message: '/etc/hugepool.toml: a symbolic link that leads nowhere',
  })
})

t.test('what is no file is an error that names it', async (t) => {
  const wrong: readonly (readonly [links: Readonly<Record<string, string>>, message: string])[] = [
    [
      { '/etc/hugepool.d/a.toml': 'none' },
      '/etc/hugepool.d/a.toml: a symbolic link that leads nowhere',
    ],
    [{ '/etc/hugepool.d/a.toml': '/etc' }, '/etc/hugepool.d/a.toml: is a directory'],
    [{ '/etc/hugepool.d/a.toml': 'a.toml' }, '/etc/hugepool.d/a.toml: too many symbolic links'],
    [{ '/etc/hugepool.d': 'none' }, '/etc/hugepool.d: a symbolic link that leads nowhere'],
    [{ '/etc/hugepool.d': 'other' }, '/etc/hugepool.d: is not a directory'],
    [{ '/etc/hugepool.toml': 'other/x' }, '/etc/hugepool.toml: a symbolic link that leads nowhere'],
  ]
  for (const [links, message] of wrong) {
    const tree = machine(t, ['/etc/other'], { links })
    t.throws(() => findConfigFiles(tree), { code: 'E_CONFIG', exitCode: 2, message })
  }
})

t.test('a directory or file that may not be read', async (t) => {
  const tree = machine(t, ['/etc/hugepool.d/a.toml'])
  const closed = (path: string) => {
    chmodSync(join(tree.root, path), 0)
    const isRoot = process.getuid?.() === 0
    if (isRoot) t.strictSame(found(tree), [['/etc/hugepool.d/a.toml'], []])
    else
      t.throws(() => findConfigFiles(tree), {
        code: 'E_PERMISSION',
        message: `${path}: permission denied`,
      })
    chmodSync(join(tree.root, path), 0o755)
  }
  closed('/etc/hugepool.d/a.toml')
  closed('/etc/hugepool.d')
})
