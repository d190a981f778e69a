import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { heldPath, holdDirectory, inHeldDirectory } from '../../src/kernel/held-directory.ts'
import { temporary } from '../helpers/run.ts'

const scene = (t: Test): string => {
  const top = realpathSync(temporary(t))
  mkdirSync(join(top, 'one/two'), { recursive: true })
  mkdirSync(join(top, 'other/two'), { recursive: true })
  return top
}

const descriptors = (): number => readdirSync('/proc/self/fd').length

t.test('a directory is held, whatever becomes of its name', async (t) => {
  const top = scene(t)
  const held = holdDirectory(join(top, 'one/two'))
  try {
    t.equal(readlinkSync(heldPath(held)), join(top, 'one/two'))
    renameSync(join(top, 'one'), join(top, 'moved'))
    symlinkSync('other', join(top, 'one'))
    mkdirSync(heldPath(held, 'new'))
    t.ok(existsSync(join(top, 'moved/two/new')))
    t.notOk(existsSync(join(top, 'other/two/new')))
  } finally {
    closeSync(held)
  }
})

t.test('the root, and a path with slashes that mean nothing', async (t) => {
  const top = scene(t)
  for (const [path, real] of [
    ['/', '/'],
    [`/${top}/./one//two/`, join(top, 'one/two')],
  ] as const) {
    const held = holdDirectory(path)
    t.equal(fstatSync(held).ino, statSync(real).ino, path)
    closeSync(held)
  }
})

t.test('no link is followed on the way, and no descriptor stays', async (t) => {
  const top = scene(t)
  symlinkSync('one', join(top, 'link'))
  symlinkSync('two', join(top, 'one/last'))
  writeFileSync(join(top, 'file'), '')
  const before = descriptors()
  for (const path of [join(top, 'link/two'), join(top, 'link'), join(top, 'one/last')])
    t.throws(() => holdDirectory(path), {
      code: 'E_REFUSED',
      reason: 'changed',
      message: `${path}: leads through a symbolic link by now`,
    })
  t.throws(() => holdDirectory(join(top, 'file/a')), { code: 'ENOTDIR' })
  t.throws(() => holdDirectory(join(top, 'missing/a')), { code: 'ENOENT' })
  t.throws(() => inHeldDirectory(join(top, 'one/a'), () => statSync('/missing')), {
    code: 'ENOENT',
  })
  t.equal(descriptors(), before)
})

t.test('a name in a held directory', async (t) => {
  const top = scene(t)
  t.equal(
    inHeldDirectory(join(top, 'one/new'), (reach) => {
      mkdirSync(reach)
      return reach.replace(/\d+/, 'N')
    }),
    '/proc/self/fd/N/new',
  )
  t.ok(existsSync(join(top, 'one/new')))
  t.match(
    inHeldDirectory('/', (reach) => reach),
    /^\/proc\/self\/fd\/\d+\/\.$/,
  )
  t.match(
    inHeldDirectory(`${top}/.`, (reach) => statSync(reach).ino),
    statSync(top).ino,
  )
})
