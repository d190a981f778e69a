import t from 'tap'
import {
  idleKeepWords,
  matchesName,
  matchesPath,
} from '../../../../src/model/processes/files/kept-word.ts'

t.test('names', async (t) => {
  for (const pattern of ['rtemap_0', 'rte*', '*', '*map*0', 'rtemap_0*'])
    t.equal(matchesName('rtemap_0', pattern), true, pattern)
  for (const pattern of ['rtemap', 'temap_0', 'rte.*', 'rtemap_?', 'rtemap_0*x', ''])
    t.equal(matchesName('rtemap_0', pattern), false, pattern)
  t.equal(matchesName('a\nb', 'a*b'), true)
})

t.test('paths', async (t) => {
  const path = '/mnt/huge/sub/rtemap_0'
  for (const pattern of [
    path,
    '/mnt//huge/./sub/rtemap_0',
    '/mnt/huge',
    '/mnt/huge/',
    '/',
    '/mnt/huge/sub/rte*',
    '/mnt/huge/s*',
    '/mnt/*/rtemap_0',
    'rtemap_0',
    'rte*',
  ])
    t.equal(matchesPath(path, pattern), true, pattern)
  for (const pattern of [
    '/mnt/hug',
    '/mnt/huge/sub/rtemap',
    '/mnt/huge/sub/r.*',
    '/huge/sub/rtemap_0',
    'rtemap',
    'sub',
    '',
  ])
    t.equal(matchesPath(path, pattern), false, pattern)
  t.equal(matchesPath('/mnt/a\nb', '/mnt/a*'), true)
})

t.test('many stars take no longer than their number says', async (t) => {
  const stars = '*a'.repeat(40)
  t.equal(matchesName('a'.repeat(4000), `${stars}b`), false)
  t.equal(matchesPath(`/mnt/${'a'.repeat(4000)}`, `/mnt/${stars}b`), false)
})

t.test('words that name nothing are told', async (t) => {
  t.strictSame(idleKeepWords(['x', './y'], 'file'), [
    '--keep x names no file',
    '--keep ./y names no file',
  ])
  t.strictSame(idleKeepWords([], 'file'), [])
})
