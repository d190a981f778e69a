import t from 'tap'
import {
  listIfPresent,
  listIfReadable,
  missingHugeTlb,
  parseCounter,
  parseKilobytes,
  readIfPresent,
  readNumberIfPresent,
  readText,
} from '../../src/kernel/read-attribute.ts'
import { octets } from '../../src/model/etc/octets.ts'
import * as fc from '../helpers/property.ts'
import { treeOf } from '../helpers/run.ts'

const path = '/sys/x'

t.test('a counter is exact up to 2^64 - 1', async (t) => {
  t.equal(parseCounter('0\n', path), 0n)
  t.equal(parseCounter('512\n', path), 512n)
  t.equal(parseCounter('18446744073709551615\n', path), 2n ** 64n - 1n)
  t.throws(() => parseCounter('18446744073709551616\n', path), { code: 'E_KERNEL' })
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (counter) => {
      return parseCounter(`${counter}\n`, path) === counter
    }),
  )
})

t.test('what is no counter is an error that names the file and shows the text', async (t) => {
  for (const text of [
    '',
    '\n',
    'x\n',
    '-1\n',
    '+1\n',
    '1 2\n',
    '0x10\n',
    '010\n',
    '1.5\n',
    '1e3\n',
    ' 1\n',
    '1\n2\n',
    'N/A\n',
    '184467440737095516150\n',
  ])
    t.throws(
      () => parseCounter(text, path),
      { code: 'E_KERNEL', message: `/sys/x: expected a number, found ${JSON.stringify(text)}` },
      JSON.stringify(text),
    )
})

t.test('garbage is shown in part, and without its control characters', async (t) => {
  t.throws(() => parseCounter(`\u001b[31m${'x'.repeat(5000)}`, path), {
    code: 'E_KERNEL',
    message: /found "\\u001b\[31mx{35}"$/,
  })
})

t.test('any text is refused or is the number it shows', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9 \n-]{0,22}$/)), (text) => {
      try {
        return `${parseCounter(text, path)}` === text.trimEnd()
      } catch (error) {
        return (error as { code?: string }).code === 'E_KERNEL'
      }
    }),
  )
})

t.test('a demote size has its unit', async (t) => {
  t.equal(parseKilobytes('2048kB\n', path), 2097152n)
  t.equal(parseKilobytes('16777216kB\n', path), 2n ** 34n)
  for (const text of ['', '2048\n', '2M\n', 'x2048kB\n', '-1kB\n', '2048kB 1\n', '2048KB\n'])
    t.throws(() => parseKilobytes(text, path), {
      code: 'E_KERNEL',
      message: /expected a size in kB/,
    })
})

t.test(
  'an attribute that is missing is absent, or an error where it has to be there',
  async (t) => {
    const tree = treeOf('one-node')
    t.equal(readIfPresent(tree, '/proc/none'), undefined)
    t.equal(readIfPresent(tree, '/proc/meminfo/none'), undefined)
    t.strictSame(listIfPresent(tree, '/sys/none'), [])
    t.throws(() => readText(tree, '/sys/none'), {
      code: 'E_UNSUPPORTED',
      message: '/sys/none: no such attribute in this kernel',
    })
  },
)

t.test(
  'an attribute that the kernel keeps to itself is absent, a broken one an error',
  async (t) => {
    const failing = (code: string) => ({
      ...treeOf('one-node'),
      read: () => {
        throw Object.assign(new Error(code), { code })
      },
    })
    t.equal(readIfPresent(failing('EACCES'), path), undefined)
    t.throws(() => readIfPresent(failing('EIO'), path), {
      code: 'E_KERNEL',
      message: '/sys/x: input/output error (EIO)',
    })
    t.throws(() => readText(failing('EACCES'), path), { code: 'E_PERMISSION' })
  },
)

t.test('the names in a directory, where it may be looked into', async (t) => {
  const failing = (code: string) => ({
    ...treeOf('one-node'),
    list: () => {
      throw Object.assign(new Error(code), { code })
    },
  })
  for (const code of ['EACCES', 'ENOENT', 'EIO'])
    t.strictSame(listIfReadable(failing(code), path), [], code)
  t.throws(() => listIfReadable(failing('EMFILE'), path), { code: 'E_KERNEL' })
  t.strictSame(listIfReadable({ ...treeOf('one-node'), list: () => ['a'] }, path), ['a'])
})

t.test('the names in a directory that has to be readable where it exists', async (t) => {
  const failing = (code: string) => ({
    ...treeOf('one-node'),
    list: () => {
      throw Object.assign(new Error(code), { code })
    },
  })
  for (const code of ['ENOENT', 'ENOTDIR']) t.strictSame(listIfPresent(failing(code), path), [])
  t.throws(() => listIfPresent(failing('EACCES'), path), { code: 'E_PERMISSION' })
})

t.test('a file may hold one number, or a word in its place', async (t) => {
  const reading = (text: string) => ({ ...treeOf('one-node'), read: () => octets(text) })
  const number = (text: string) => readNumberIfPresent(reading(text), path)
  t.strictSame(['5\n', '0', '18446744073709551616\n'].map(number), [5n, 0n, 2n ** 64n])
  for (const text of ['max\n', '', '-5\n', 'x5\n', '5x\n', '5 6\n', '5\n6\n'])
    t.equal(number(text), undefined, text)
  t.equal(readNumberIfPresent(treeOf('one-node'), '/proc/none'), undefined)
})

t.test('without HugeTLB the kernel option is named', async (t) => {
  t.match(missingHugeTlb(treeOf('no-hugetlb')), {
    code: /^E_UNSUPPORTED$/,
    hint: /CONFIG_HUGETLBFS/,
  })
})
