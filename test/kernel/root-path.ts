import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { belowRoot, directoriesFinder, filesFinder } from '../../src/kernel/root-path.ts'
import { temporary } from '../helpers/run.ts'

t.test('links stay below the root', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'etc/static'), { recursive: true })
  mkdirSync(join(root, 'usr'))
  const links = {
    'etc/absolute': '/etc/static/fstab',
    'etc/relative': 'static/fstab',
    'etc/outside': '../../../../etc/passwd',
    'etc/dangling': '/no/such',
    'etc/twice': 'absolute',
    lib: '/usr/lib',
    'usr/lib': '../etc//./static/',
  }
  for (const [path, to] of Object.entries(links)) symlinkSync(to, join(root, path))
  const finder = directoriesFinder(`${root}/`)
  const fileFinder = filesFinder(`${root}/`)
  const leads = (path: string, keepLast?: boolean) => {
    if (keepLast)
      for (const time of ['first', 'again'])
        t.equal(finder(path), belowRoot(root, path, true), `${path} ${time}`)
    else
      for (const time of ['first', 'again'])
        t.equal(fileFinder(path), belowRoot(root, path), `${path} ${time}`)
    return belowRoot(`${root}/`, path, keepLast).replace(root, '')
  }
  t.equal(leads('/etc/fstab'), '/etc/fstab')
  t.equal(leads('/etc/absolute'), '/etc/static/fstab')
  t.equal(leads('/etc/relative'), '/etc/static/fstab')
  t.equal(leads('/etc/twice'), '/etc/static/fstab')
  t.equal(leads('/etc/outside'), '/etc/passwd', 'not that of this machine')
  t.equal(leads('/etc/dangling'), '/no/such')
  t.equal(leads('/lib/x'), '/etc/static/x')
  t.equal(leads('/lib/../fstab'), '/etc/fstab', 'as the kernel goes, after the link')
  t.equal(leads('/etc/twice', true), '/etc/twice')
  t.equal(leads('/lib/x', true), '/etc/static/x')
  t.equal(leads('/lib', true), '/lib')
  t.equal(leads('/'), '/')
  t.equal(leads('/etc//static/./x/..'), '/etc/static')
  t.equal(leads('/..'), '/')
  t.equal(belowRoot('/', '/nowhere/at/all'), '/nowhere/at/all')
})

t.test('as many links as the kernel follows, and no more', async (t) => {
  const root = temporary(t)
  for (let link = 1; link <= 41; link += 1) symlinkSync(`${link - 1}`, join(root, `${link}`))
  t.equal(belowRoot(root, '/40'), `${root}/0`)
  t.throws(() => belowRoot(root, '/41'), {
    code: 'E_REFUSED',
    message: '/1: too many symbolic links',
  })
})

t.test('links that go round in a circle', async (t) => {
  const root = temporary(t)
  symlinkSync('b', join(root, 'a'))
  symlinkSync('a', join(root, 'b'))
  t.throws(() => belowRoot(root, '/a'), { code: 'E_REFUSED', message: /too many symbolic links/ })
})

t.test('a path that was found is not looked at again', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'first'))
  symlinkSync('first', join(root, 'link'))
  const find = filesFinder(root)
  t.equal(find('/link/a'), `${root}/first/a`)
  rmSync(join(root, 'link'))
  t.strictSame([find('/link/a'), find('/link/b')], [`${root}/first/a`, `${root}/first/b`])
  t.equal(belowRoot(root, '/link/b'), `${root}/link/b`)
})
