import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  carryOutFileStep,
  checkFileStep,
  etcEntryAt,
  isThere,
  possessionOf,
  readEtc,
  removeBackup,
  removeLeftovers,
} from '../../../src/kernel/etc/etc-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { FileStep } from '../../../src/model/etc/file-step.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

const shell: readonly string[] = []

/** A machine with some files, and what is done to them. */
const machine = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  const tree = directoryTree(root)
  return { root, tree, at: (path: string) => join(root, path) }
}

t.test('what stands at a path', async (t) => {
  const { tree, at } = machine(t, { '/etc/a': 'text\xff' })
  symlinkSync('a', at('/etc/link'))
  symlinkSync('/no/such', at('/etc/dangling'))
  t.strictSame(etcEntryAt(tree, '/etc/a'), { kind: 'file', text: 'text\xff' })
  t.strictSame(etcEntryAt(tree, '/etc/link'), { kind: 'link', to: 'a' })
  t.strictSame(etcEntryAt(tree, '/etc/none'), { kind: 'nothing' })
  t.strictSame(etcEntryAt(tree, '/no/such/directory'), { kind: 'nothing' })
  t.equal(readEtc(tree, '/etc/link'), 'text\xff', 'a link is followed')
  t.equal(readEtc(tree, '/etc/none'), undefined)
  const there = ['/etc/a', '/etc/link', '/etc/dangling', '/etc/none']
  t.strictSame(
    there.map((path) => isThere(tree, path)),
    [true, true, false, false],
  )
  t.equal(isThere(tree, '/etc/dangling', true), true, 'the link itself is there')
})

t.test('a directory in the place of a file is an error that names the path', async (t) => {
  const { tree, root } = machine(t, { '/etc/d/x': '' })
  t.throws(() => etcEntryAt(tree, '/etc/d'), { code: 'E_REFUSED' })
  const step: FileStep = { do: 'replace', path: '/etc/a', before: 'a', after: 'b', shell }
  scratch(root, { '/etc/a': 'a' })
  const backup = { ...step, backup: '/etc/d' }
  const wrong = { code: 'E_REFUSED', message: '/etc/d: is a directory', hint: 'remove it' }
  t.throws(() => checkFileStep(tree, backup, false), wrong)
  t.throws(() => carryOutFileStep(tree, backup), wrong)
  t.equal(readEtc(tree, '/etc/a'), 'a')
})

t.test('a file is replaced, with a backup where one is wanted', async (t) => {
  const { tree, at } = machine(t, { '/etc/real': 'old' })
  symlinkSync('real', at('/etc/a'))
  const path = '/etc/a'
  carryOutFileStep(tree, { do: 'replace', path, before: 'old', after: 'new', shell })
  t.strictSame(readdirSync(at('/etc')).sort(), ['a', 'real'])
  t.equal(readEtc(tree, '/etc/real'), 'new', 'what the link leads to')
  const backup = '/etc/kept'
  carryOutFileStep(tree, { do: 'replace', path, before: 'new', after: 'next', backup, shell })
  t.strictSame([readEtc(tree, path), readEtc(tree, backup)], ['next', 'new'])
  carryOutFileStep(tree, { do: 'replace', path: '/etc/made', after: 'x', backup, shell })
  t.strictSame([readEtc(tree, '/etc/made'), readEtc(tree, backup)], ['x', 'new'])
})

t.test('a link and its directory come and go', async (t) => {
  const { tree, at } = machine(t, { '/etc/a': '' })
  const link: FileStep = { do: 'link', path: '/etc/a.wants/a', to: '/etc/a' }
  checkFileStep(tree, link, false)
  carryOutFileStep(tree, link)
  t.equal(readlinkSync(at('/etc/a.wants/a')), '/etc/a')
  t.throws(() => carryOutFileStep(tree, link), { message: /^\/etc\/a\.wants\/a: / })
  t.ok(existsSync(at('/etc/a.wants')), 'a directory that was there stays after a failure')
  carryOutFileStep(tree, { ...link, path: '/etc/a.wants/b' })
  const unlink: FileStep = { do: 'unlink', path: '/etc/a.wants/a', to: '/etc/a' }
  carryOutFileStep(tree, unlink)
  t.strictSame(readdirSync(at('/etc/a.wants')), ['b'])
  carryOutFileStep(tree, { ...unlink, path: '/etc/a.wants/b' })
  t.notOk(existsSync(at('/etc/a.wants')), 'with its last link')
  const long: FileStep = { do: 'link', path: `/etc/a.wants/${'x'.repeat(300)}`, to: 'a' }
  t.throws(() => carryOutFileStep(tree, long))
  t.notOk(existsSync(at('/etc/a.wants')), 'a directory that was made for a failure goes')
})

t.test('a file is removed only as it was', async (t) => {
  const { tree } = machine(t, { '/etc/a': 'theirs' })
  const path = '/etc/a'
  t.throws(() => carryOutFileStep(tree, { do: 'remove', path, before: 'old' }), {
    code: 'E_REFUSED',
  })
  t.equal(readEtc(tree, path), 'theirs')
  carryOutFileStep(tree, { do: 'remove', path, before: 'theirs' })
  t.equal(isThere(tree, path), false)
})

t.test('whether a step could be written', async (t) => {
  const { root, tree, at } = machine(t, { '/etc/closed/a': 'a' })
  const step: FileStep = { do: 'replace', path: '/etc/closed/a', before: 'a', after: 'b', shell }
  chmodSync(at('/etc/closed'), 0o555)
  t.teardown(() => chmodSync(at('/etc/closed'), 0o755))
  const isRoot = process.getuid?.() === 0
  if (isRoot) t.doesNotThrow(() => checkFileStep(tree, step, false))
  else t.throws(() => checkFileStep(tree, step, false), { code: 'E_PERMISSION' })
  t.doesNotThrow(() => checkFileStep(tree, step, true), 'a dry run needs no right')
  scratch(root, { '/etc/b': 'a' })
  const backed: FileStep = { ...step, path: '/etc/b', backup: '/etc/closed/b' }
  if (isRoot) t.doesNotThrow(() => checkFileStep(tree, backed, false))
  else
    t.throws(() => checkFileStep(tree, backed, false), {
      code: 'E_PERMISSION',
      message: '/etc/closed/b: permission denied',
    })
  t.doesNotThrow(() => checkFileStep(tree, backed, true))
  const nowhere: FileStep = { do: 'link', path: '/etc/no/such/x', to: 'a' }
  t.throws(() => checkFileStep(tree, nowhere, true), { message: /^\/etc\/no\/such\/x: no such/ })
})

t.test('what a killed hugepool left beside files goes', async (t) => {
  const { tree, at } = machine(t, { '/etc/.#hugepool-00000000': '', '/etc/a': '' })
  mkdirSync(at('/etc/d'))
  removeLeftovers(tree, ['/no/such/file', '/etc/a'])
  t.strictSame(readdirSync(at('/etc')).sort(), ['a', 'd'])
})

const passing = process.getuid?.() === 0 ? 'root may give every file away' : false

t.test(
  'a file that cannot be given to its owner is refused ahead',
  { skip: passing },
  async (t) => {
    const { tree, at } = machine(t, { '/etc/a': 'a' })
    const { lstatSync } = standIn(t, {
      lstatSync: (...words: Parameters<typeof lstatSync>) => {
        const stat = lstatSync(...words)
        return words[0] === at('/etc/a') ? stat && Object.assign(stat, { uid: 0, gid: 12 }) : stat
      },
    })
    const step: FileStep = { do: 'replace', path: '/etc/a', before: 'a', after: 'b', shell }
    t.throws(() => checkFileStep(tree, step, false), {
      code: 'E_PERMISSION',
      message:
        '/etc/a: belongs to user 0 and group 12, to whom only root (CAP_CHOWN) may give a file',
    })
    t.doesNotThrow(() => checkFileStep(tree, step, true), 'a dry run needs no right')
  },
)

t.test('whose a file is, and its mode', async (t) => {
  const { tree, at } = machine(t, { '/etc/a': 'a' })
  const { uid, gid } = statSync(at('/etc/a'))
  for (const mode of [0o4711, 0o640]) {
    chmodSync(at('/etc/a'), mode)
    t.strictSame(possessionOf(tree, '/etc/a'), { mode, owner: { uid, gid } })
  }
  t.equal(possessionOf(tree, '/etc/none'), undefined)
})

t.test('a backup takes the place of a link, and goes without what the link led to', async (t) => {
  const { tree, at } = machine(t, { '/etc/a': 'old', '/etc/d/x': '', '/etc/theirs': 'theirs' })
  const step = { do: 'replace', path: '/etc/a', before: 'old', after: 'new', shell } as const
  symlinkSync('d', at('/etc/directory'))
  t.doesNotThrow(() => checkFileStep(tree, { ...step, backup: '/etc/directory' }, false))
  symlinkSync('theirs', at('/etc/kept'))
  carryOutFileStep(tree, { ...step, backup: '/etc/kept' })
  t.strictSame(etcEntryAt(tree, '/etc/kept'), { kind: 'file', text: 'old' })
  symlinkSync('theirs', at('/etc/again'))
  for (const backup of ['/etc/kept', '/etc/again', '/etc/none']) removeBackup(tree, backup)
  t.strictSame(readdirSync(at('/etc')).sort(), ['a', 'd', 'directory', 'theirs'])
  t.equal(readEtc(tree, '/etc/theirs'), 'theirs')
})
