import { chmodSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  type Beholder,
  checkRootAlone,
  followLinks,
  ownerOfNew,
  trustedPath,
} from '../../src/kernel/trusted-path.ts'
import { pathAndAbove } from '../../src/model/etc/path-parts.ts'
import { temporary } from '../helpers/run.ts'
import { standIn } from '../helpers/standing-in.ts'

const own = process.getuid?.() ?? 0
const live = { root: '/' }

/** Root, in whose place this user stands. */
const root: Beholder = {
  user: () => 0,
  isRoot: (uid) => uid === 0 || uid === own,
  isRootKnown: () => true,
}
/** Root of a machine on which the files of the scene belong to a stranger. */
const other: Beholder = { ...root, isRoot: (uid) => uid !== own }
const nobody: Beholder = { ...root, user: () => 1000, isRoot: () => false }

/** A directory of root's, one that all may write to, and links in both. */
const scene = (t: Test): string => {
  const top = realpathSync(temporary(t))
  for (const [name, mode] of [
    ['own', 0o755],
    ['open', 0o777],
    ['sticky', 0o1777],
  ] as const) {
    mkdirSync(join(top, name))
    chmodSync(join(top, name), mode)
    writeFileSync(join(top, name, 'file'), '', { mode: 0o644 })
    symlinkSync('../own', join(top, name, 'link'))
  }
  return top
}

t.test('a link is followed where nobody but root can change it', async (t) => {
  const top = scene(t)
  for (const name of ['own', 'sticky']) {
    t.equal(trustedPath(live, `${top}/${name}/link/file`, false, root), `${top}/own/file`, name)
    t.equal(followLinks(`${top}/${name}/link/file`, root), `${top}/own/file`, name)
  }
  t.equal(trustedPath(live, `${top}/open/file`, false, root), `${top}/open/file`, 'no link')
  t.equal(trustedPath(live, `${top}/open/link`, true, root), `${top}/open/link`, 'the last is kept')
})

t.test('and not where others can', async (t) => {
  const top = scene(t)
  const link = `${top}/open/link`
  const told = {
    code: 'E_REFUSED',
    reason: 'not-trusted',
    message: `${link}: a symbolic link that root does not follow: ${top}/open can be written by others, with the mode 0777`,
    hint: 'name what it leads to',
  }
  t.throws(() => trustedPath(live, `${link}/file`, false, root), told)
  t.throws(() => followLinks(`${link}/file`, root), told)
  t.throws(() => trustedPath({ root: '' }, link, false, root), told)
})

t.test('who is not root follows all, and so does who looks at a recording', async (t) => {
  const top = scene(t)
  t.equal(followLinks(`${top}/open/link/file`, nobody), `${top}/own/file`)
  t.equal(trustedPath({ root: top }, '/open/link/file', false, root), '/own/file')
  t.doesNotThrow(() => checkRootAlone(live, `${top}/open/file`, nobody))
  t.doesNotThrow(() => checkRootAlone({ root: top }, '/open/file', root))
})

t.test('what somebody else makes where root alone can is given to root', async (t) => {
  const top = scene(t)
  const whose = (path: string, beholder: Beholder, root = '/') =>
    ownerOfNew({ root }, path, beholder)
  const passing: Beholder = { ...root, user: () => 1000 }
  for (const path of ['/etc/new', '/etc/new/x', join(top, 'own/new')])
    t.strictSame(whose(path, passing), { uid: 0, gid: 0 }, path)
  for (const path of ['open/new', 'sticky/new', 'open/new/x'])
    t.equal(whose(join(top, path), passing), undefined, path)
  t.equal(whose('/etc/new', { ...passing, user: () => 0 }), undefined, 'root')
  t.equal(whose('/etc/new', { ...passing, isRootKnown: () => false }), undefined, 'not mapped')
  t.equal(whose('/etc/new', { ...passing, isRoot: () => false }), undefined)
  t.equal(whose('/etc/new', passing, top), undefined, 'a recording')
})

t.test('nothing is given to root on a machine where others can rename what is in /', async (t) => {
  const { lstatSync } = standIn(t, {
    lstatSync: (...words: Parameters<typeof lstatSync>) => {
      const stat = lstatSync(...words)
      return words[0] === '/' ? stat && Object.assign(stat, { mode: 0o40777 }) : stat
    },
  })
  t.equal(ownerOfNew(live, '/etc/new', { ...root, user: () => 1000 }), undefined)
})

t.test('what is missing, and links in a circle', async (t) => {
  const top = scene(t)
  symlinkSync('circle', `${top}/own/circle`)
  t.throws(() => followLinks(`${top}/own/circle`, root), { code: 'ELOOP' })
  t.throws(() => followLinks(`${top}/own/missing`, root), { code: 'ENOENT' })
})

t.test('a file that root obeys', async (t) => {
  const top = scene(t)
  const check =
    (path: string, beholder = root) =>
    () =>
      checkRootAlone(live, join(top, path), beholder)
  for (const path of ['own/file', 'own/link/file', 'own/missing', 'sticky/file'])
    t.doesNotThrow(check(path), path)
  chmodSync(`${top}/own/file`, 0o664)
  for (const path of ['own/file', 'own/link/file'])
    t.throws(check(path), {
      code: 'E_REFUSED',
      reason: 'not-trusted',
      message: `${top}/${path}: is not trusted: it can be written by others, with the mode 0664`,
      hint: `once you know what others did there: chmod go-w ${top}/own/file`,
    })
  for (const path of ['open/file', 'open/missing'])
    t.throws(check(path), {
      message: `${top}/${path}: is not trusted: ${top}/open can be written by others, with the mode 0777`,
      hint: `put it where root alone can write, or: chmod go-w ${top}/open`,
    })
  t.throws(check('open/link/file'), {
    code: 'E_REFUSED',
    hint: 'name what it leads to',
  })
  if (own !== 0) {
    const outermost = pathAndAbove(top).findLast((path) => statSync(path).uid === own)
    t.throws(check('own/file', other), {
      message: `${top}/own/file: is not trusted: ${outermost} belongs to user ${own}`,
    })
  }
})
