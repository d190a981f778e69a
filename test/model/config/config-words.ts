import t, { type Test } from 'tap'
import { refused, usage } from '../../../src/errors.ts'
import {
  parseCma,
  parseConfiguredSize,
  parseFlagWords,
  parseMountPoint,
  parseOwner,
  withForms,
} from '../../../src/model/config/config-words.ts'
import { G, M } from '../../helpers/sizes.ts'

/** Calls a parser with texts that it has to refuse. */
const refuses = (t: Test, parse: (text: string) => unknown, texts: readonly string[]) => {
  for (const text of texts) t.throws(() => parse(text), { code: 'E_USAGE' }, JSON.stringify(text))
}

t.test('page sizes', async (t) => {
  t.strictSame(
    ['2M', '2048kB', '2097152', 'hugepages-1048576kB', '8K', '16G'].map(parseConfiguredSize),
    [2n * M, 2n * M, 2n * M, G, 8192n, 16n * G],
  )
  refuses(t, parseConfiguredSize, [
    'default',
    'Default',
    '',
    '2X',
    '0',
    '3M',
    '4K',
    '2',
    '8E',
    '-2M',
  ])
  t.throws(() => parseConfiguredSize('6M'), {
    message: 'no kernel has pages of 6M: a page size is a power of two',
    hint: 'a page size is written as 2M, 1G, 2048kB or 2097152',
    code: 'E_USAGE',
  })
})

t.test('users and groups', async (t) => {
  const owners = ['dpdk', '0', '4294967294', 'b\u00e4r', 'user$', '_x', 'a-b', 'a.b', 'a1', 'a+1']
  t.strictSame(owners.map(parseOwner), owners)
  refuses(t, parseOwner, [
    '',
    '4294967295',
    '01',
    '+1',
    '-1',
    '1a',
    'a b',
    'a:b',
    'a,b',
    'a/b',
    'a\n',
  ])
})

t.test('flags', async (t) => {
  t.strictSame(['', 'ro', 'noexec,suid', 'ro,rw'].map(parseFlagWords), [
    '',
    'ro',
    'noexec,suid',
    'ro,rw',
  ])
  refuses(t, parseFlagWords, ['size=4G', 'ro,', ' ro', 'defaults', 'relatime'])
})

t.test('mount points in one spelling', async (t) => {
  t.strictSame(['/mnt/huge', '//mnt//huge/', '/mnt/./huge/.', '/ä b\n'].map(parseMountPoint), [
    '/mnt/huge',
    '/mnt/huge',
    '/mnt/huge',
    '/ä b\n',
  ])
  refuses(t, parseMountPoint, [
    '',
    'mnt',
    './mnt',
    '/',
    '//',
    '/.',
    '/a/..',
    '/../a',
    '/a\0',
    `/${'a'.repeat(4095)}`,
  ])
})

t.test('memory for CMA', async (t) => {
  const texts = ['0', '2G', '2048M', '0:2G', '0:2G,1:512M']
  t.strictSame(texts.map(parseCma), texts)
  refuses(t, parseCma, ['', '2g', '20%', '0:20%', '2G,1:2G', '0:', '0:2G,', '-1', '2GB', ' 2G'])
})

t.test('a hint is replaced where words are wrong, and nowhere else', async (t) => {
  const run = (error: Error) => () =>
    withForms('forms', () => {
      throw error
    })
  t.throws(run(usage('words', 'hint')), { code: 'E_USAGE', message: 'words', hint: 'forms' })
  t.throws(run(usage('words', 'hint', 'not-whole')), { code: 'E_USAGE', hint: 'hint' })
  t.throws(run(refused('short', 'words', 'hint')), { code: 'E_REFUSED', hint: 'hint' })
  t.equal(
    withForms('forms', () => 5),
    5,
  )
})
