import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  absolutePath,
  lookAtMountPoint,
  realTarget,
} from '../../../src/kernel/mounts/mount-point.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { leastSpent } from '../../helpers/cpu-spent.ts'
import { temporary } from '../../helpers/run.ts'

const live = directoryTree('/')

/** A directory with one of everything that a path can be. */
const scene = (t: Test): string => {
  const top = temporary(t)
  mkdirSync(join(top, 'empty'))
  mkdirSync(join(top, 'full/below'), { recursive: true })
  writeFileSync(join(top, 'file'), '')
  symlinkSync('empty', join(top, 'link'))
  symlinkSync('nowhere', join(top, 'dangling'))
  symlinkSync('circle', join(top, 'circle'))
  return top
}

t.test('what a path is', async (t) => {
  const top = scene(t)
  const kinds = { empty: 'empty', full: 'full', file: 'file', link: 'link', dangling: 'link' }
  for (const [name, kind] of Object.entries(kinds))
    t.strictSame(lookAtMountPoint(live, join(top, name)), { kind }, name)
  t.strictSame(
    lookAtMountPoint(directoryTree(top), '/full'),
    { kind: 'full' },
    'below the root of a tree',
  )
})

t.test('what is missing of a path, the outermost first', async (t) => {
  const top = scene(t)
  t.strictSame(lookAtMountPoint(live, `${top}/a`), { kind: 'missing', missing: [`${top}/a`] })
  t.strictSame(lookAtMountPoint(live, `${top}/empty/a/b`), {
    kind: 'missing',
    missing: [`${top}/empty/a`, `${top}/empty/a/b`],
  })
})

t.test('a path through a file', async (t) => {
  const top = scene(t)
  t.throws(() => lookAtMountPoint(live, `${top}/file/a`), {
    code: 'E_REFUSED',
    message: `${top}/file/a: not a directory`,
  })
})

t.test('names that are too long', async (t) => {
  t.throws(() => lookAtMountPoint(live, `/${'n'.repeat(300)}`), { code: 'E_USAGE' })
})

t.test('links before the last component are followed, as mountinfo has it', async (t) => {
  const top = scene(t)
  t.equal(realTarget(live, '/'), '/')
  t.equal(realTarget(live, `${top}/link`), `${top}/link`, 'the last one is not')
  t.equal(realTarget(live, `${top}/link/a`), `${top}/empty/a`)
  t.equal(realTarget(live, `${top}/link/a/b`), `${top}/empty/a/b`, 'as far as there is something')
  const recorded = directoryTree(top)
  t.equal(realTarget(recorded, '/link/a'), '/empty/a', 'on a recorded machine too')
  t.equal(realTarget(recorded, '/dangling/a'), '/nowhere/a', 'where nothing was recorded')
  t.throws(() => realTarget(recorded, '/circle/a'), { code: 'E_REFUSED', message: /too many/ })
})

t.test('an absolute link of a recorded machine leads to a place in the recording', async (t) => {
  const top = scene(t)
  const outside = temporary(t)
  mkdirSync(join(outside, 'lock/below'), { recursive: true })
  const recorded = directoryTree(top)
  symlinkSync(outside, join(top, 'var'))
  const target = realTarget(recorded, '/var/lock')
  t.equal(target, `${outside}/lock`)
  t.hasStrict(lookAtMountPoint(recorded, target), { kind: 'missing' }, 'not that of this machine')
  mkdirSync(join(top, outside, 'lock'), { recursive: true })
  t.strictSame(lookAtMountPoint(recorded, realTarget(recorded, '/var/lock')), { kind: 'empty' })
  t.throws(() => lookAtMountPoint(recorded, '/file/a'), { message: '/file/a: not a directory' })
})

t.test('links that lead nowhere', async (t) => {
  const top = scene(t)
  const code = 'E_REFUSED'
  for (const path of ['dangling/a', 'dangling/a/b'])
    t.throws(() => realTarget(live, join(top, path)), {
      code,
      message: `${top}/dangling: a symbolic link that leads nowhere`,
    })
  t.throws(() => realTarget(live, `${top}/circle/a`), { code, message: /lead in a circle$/ })
})

t.test('.. is taken from where a link leads to, as the kernel does', async (t) => {
  const top = scene(t)
  mkdirSync(join(top, 'other/dir'), { recursive: true })
  symlinkSync('other/dir', join(top, 'lk'))
  t.equal(realTarget(live, `${top}/lk/../x`), `${top}/other/x`)
  t.equal(realTarget(live, `${top}/lk/..`), `${top}/other`)
  t.equal(realTarget(live, `${top}/full/below/../../link`), `${top}/link`)
  t.equal(realTarget(live, `/..//.${top}/./full//`), `${top}/full`)
  t.equal(realTarget(live, '/../..'), '/')
  const refused = { code: 'E_REFUSED' }
  for (const [path, message] of [
    ['missing/../e', `${top}/missing: no such directory`],
    ['missing/below/..', `${top}/missing/below: no such directory`],
    ['file/../e', `${top}/file: not a directory`],
    ['dangling/../e', `${top}/dangling: a symbolic link that leads nowhere`],
  ])
    t.throws(() => realTarget(live, `${top}/${path}`), { ...refused, message })
  const recorded = directoryTree(top)
  t.equal(realTarget(recorded, '/full/../x'), '/x')
  t.equal(realTarget(recorded, '/lk/../x'), '/other/x')
  t.throws(() => realTarget(recorded, '/file/../x'), { message: '/file: not a directory' })
})

t.test('a path is made absolute, and nothing else', async (t) => {
  t.equal(absolutePath('/a/../b/'), '/a/../b/')
  t.equal(absolutePath('a/..'), `${process.cwd()}/a/..`)
})

t.test('what is not UTF-8 names nothing', async (t) => {
  const message = /is not UTF-8, or has the character U\+FFFD in it$/
  const wrong = { code: 'E_USAGE', message }
  t.throws(() => absolutePath('\ufffd\ufffd'), wrong, 'as it comes from the command line')
  const top = scene(t)
  const name = Buffer.from(`${top}/\xff`, 'latin1')
  mkdirSync(name)
  symlinkSync(Buffer.from('\xff', 'latin1'), join(top, 'lk'))
  t.throws(() => realTarget(live, `${top}/lk/x`), wrong, 'behind a link')
})

/** Root, who may all, acts as nobody. */
const asNobody = (act: () => void): void => {
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    act()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

t.test('without permission', async (t) => {
  const top = scene(t)
  chmodSync(top, 0o755)
  chmodSync(join(top, 'full'), 0)
  t.teardown(() => chmodSync(join(top, 'full'), 0o755))
  asNobody(() => {
    t.hasStrict(lookAtMountPoint(live, `${top}/empty`), { kind: 'empty' }, 'the way there is open')
    t.throws(() => lookAtMountPoint(live, `${top}/full`), { code: 'E_PERMISSION' })
  })
})

t.test('the longest path takes little time, and a longer one is none', async (t) => {
  const top = scene(t)
  const spentOn = (parts: number): number =>
    leastSpent(() => {
      const path = `${top}${'/a'.repeat(parts)}`
      t.equal(realTarget(live, path), path)
      const found = lookAtMountPoint(live, path)
      t.strictSame(found.kind === 'missing' && found.missing.length, parts)
    })
  // Every part is one more call with one more path: four times as many parts take 16 times as long.
  const [short, long] = [spentOn(500), spentOn(2000)]
  t.ok(long < 48 * short, `${long} microseconds, and ${short} for a quarter of the path`)
  const words = `a path of ${'/a'.repeat(3000).length} octets is too long: the kernel takes 4095`
  t.throws(() => absolutePath('/a'.repeat(3000)), { message: words, exitCode: 2 })
})
