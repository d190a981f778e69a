import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withPlannedTexts } from '../../../../src/kernel/config/writers/writer-texts.ts'
import { answering } from '../../../helpers/failing-files.ts'
import { writerStage } from '../../../helpers/writer-stage.ts'

t.test('files that are there are read, in the order of their names', async (t) => {
  const { root, reader } = writerStage(t, {
    '/etc/x.d/b.conf': 'b',
    '/etc/x.d/a.conf': '\xc3\xa4',
    '/etc/x.d/.hidden': 'h',
    '/etc/x.d/c': 'c',
  })
  mkdirSync(join(root, '/etc/x.d/directory'))
  symlinkSync('nowhere', join(root, '/etc/x.d/dangling'))
  t.strictSame(reader.list('/etc/x.d'), [
    '.hidden',
    'a.conf',
    'b.conf',
    'c',
    'dangling',
    'directory',
  ])
  t.strictSame(reader.readAll('/etc/x.d'), [
    { file: '/etc/x.d/a.conf', text: '\u00e4' },
    { file: '/etc/x.d/b.conf', text: 'b' },
    { file: '/etc/x.d/c', text: 'c' },
  ])
  t.strictSame(reader.readAll('/etc/x.d', /\.conf$/).length, 2)
  t.strictSame(reader.read('/etc/none'), [])
  t.strictSame(reader.list('/etc/none'), [])
  t.strictSame(reader.list('/etc/x.d/c'), [])
  t.strictSame(reader.unread(), [])
})

t.test('what may not be read is kept', async (t) => {
  const { root, reader } = writerStage(t, { '/etc/a': 'a', '/etc/d/b': 'b' })
  answering(t, `${root}/etc/a`, 'EACCES', ['openSync'])
  answering(t, `${root}/etc/d`, 'EPERM', ['readdirSync'])
  t.strictSame([reader.read('/etc/a'), reader.read('/etc/a'), reader.list('/etc/d')], [[], [], []])
  t.strictSame(reader.unread(), ['/etc/a', '/etc/d'])
})

t.test('a lack of descriptors is an error', async (t) => {
  const { root, reader } = writerStage(t, { '/etc/a': 'a' })
  answering(t, `${root}/etc/a`, 'EMFILE', ['openSync'])
  t.throws(() => reader.read('/etc/a'), { code: 'E_KERNEL', message: /EMFILE/ })
})

t.test('of a huge file the beginning counts', async (t) => {
  const { reader } = writerStage(t, { '/etc/a': 'x'.repeat(2 * 1024 * 1024) })
  t.equal(reader.read('/etc/a')[0]?.text.length, 1024 * 1024)
})

t.test('of the programs only scripts are read', async (t) => {
  const { reader } = writerStage(t, {
    '/bin/a': '#!/bin/sh\n',
    '/bin/b': '\x7fELF#!',
    '/bin/c': '#',
  })
  t.strictSame(reader.readScript('/bin/a'), [{ file: '/bin/a', text: '#!/bin/sh\n' }])
  t.strictSame(['/bin/b', '/bin/c', '/bin/none'].flatMap(reader.readScript), [])
  t.strictSame(reader.unread(), [])
})

t.test('files as they are once others have been written', async (t) => {
  const { reader } = writerStage(t, { '/etc/x.d/b': 'b', '/etc/x.d/d': 'd', '/etc/y': 'y' })
  const planned = new Map([
    ['/etc/x.d/c', 'c'],
    ['/etc/x.d/b', 'new'],
    ['/etc/x.d/d', undefined],
    ['/etc/x.d/deeper/e', 'e'],
  ])
  const after = withPlannedTexts(reader, planned)
  t.strictSame(after.list('/etc/x.d'), ['b', 'c'])
  t.strictSame(after.readAll('/etc/x.d'), [
    { file: '/etc/x.d/b', text: 'new' },
    { file: '/etc/x.d/c', text: 'c' },
  ])
  t.strictSame(after.readAll('/etc/x.d', /c/), [{ file: '/etc/x.d/c', text: 'c' }])
  t.strictSame(after.read('/etc/x.d/d'), [])
  t.strictSame(after.read('/etc/y'), [{ file: '/etc/y', text: 'y' }])
  t.strictSame(after.unread(), [])
})
