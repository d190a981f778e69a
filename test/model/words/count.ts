import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { largestNumber } from '../../../src/model/words/bytes.ts'
import {
  atLeastNone,
  type Count,
  fewer,
  namedPages,
  pagesCount,
  parseCount,
  wholePages,
} from '../../../src/model/words/count.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('every form of a count', async (t) => {
  const forms: Readonly<Record<string, Count>> = {
    512: { kind: 'pages', sign: '', pages: 512n },
    0: { kind: 'pages', sign: '', pages: 0n },
    '+64': { kind: 'pages', sign: '+', pages: 64n },
    '-64': { kind: 'pages', sign: '-', pages: 64n },
    '8G': { kind: 'memory', sign: '', bytes: 8n * G },
    '+2G': { kind: 'memory', sign: '+', bytes: 2n * G },
    '-2GiB': { kind: 'memory', sign: '-', bytes: 2n * G },
    '25%': { kind: 'percent', percent: 25n },
    '0%': { kind: 'percent', percent: 0n },
    '100%': { kind: 'percent', percent: 100n },
    max: { kind: 'max' },
    '9223372036854775807': { kind: 'pages', sign: '', pages: largestNumber },
  }
  for (const [text, count] of Object.entries(forms)) t.strictSame(parseCount(text), count, text)
  t.strictSame(pagesCount(512n), forms[512])
})

t.test('what is no count is an error of usage that says what is one', async (t) => {
  const listed = 'abc 1x 1.5 1.5G 1e3 0x10 010 +-5 --5 + 8GG'.split(' ')
  const more = ['', '-', '%', '+25%', '2.5%', 'MAX', '+max', '5 ', ' 5', '5\n', '1_000', '1,000']
  for (const text of [...listed, ...more, '5pages', '٣', '+0x1', '-010', 'NaN', 'Infinity', '1n'])
    t.throws(() => parseCount(text), {
      code: 'E_USAGE',
      message: `'${text}' is not a count`,
      hint: /512, 8G, 25% or max; resize and overcommit take \+64, -64, \+2G, -2G/,
    })
})

t.test('a count is at most 2^63 - 1', async (t) => {
  const large = ['9223372036854775808', '-9223372036854775808', '18446744073709551616']
  for (const text of [...large, '+9223372036854775808'])
    t.throws(() => parseCount(text), {
      code: 'E_USAGE',
      message: `'${text}' is too large: a count is at most 9223372036854775807 pages`,
    })
  t.throws(() => parseCount('8E'), { code: 'E_USAGE' })
  t.throws(() => parseCount('101%'), { code: 'E_USAGE', message: /more than all/ })
})

const written = (count: Count): string => {
  if (count.kind === 'max') return 'max'
  if (count.kind === 'percent') return `${count.percent}%`
  return count.kind === 'pages' ? `${count.sign}${count.pages}` : `${count.sign}${count.bytes}B`
}

t.test('any text is refused or means one thing that can be written again', async () => {
  const near = fc.stringMatching(/^[-+]{0,2}[0-9]{0,22}[kKmMgGiIbB%x.]{0,3}$/)
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        const count = parseCount(text)
        return JSON.stringify(parseCount(written(count)), plain) === JSON.stringify(count, plain)
      } catch (error) {
        return error instanceof HugepoolError && error.code === 'E_USAGE'
      }
    }),
    { numRuns: 500 },
  )
})

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

t.test('an amount that is no whole number of pages names its two neighbours', async (t) => {
  t.equal(wholePages(8n * G, 2n * M), 4096n)
  t.equal(wholePages(0n, 2n * M), 0n)
  t.throws(() => wholePages(3n * M, 2n * M), {
    code: 'E_USAGE',
    message: '3M is not a whole number of 2M pages',
    hint: 'the nearest amounts are 2M and 4M',
  })
  t.throws(() => wholePages(1n, G), {
    code: 'E_USAGE',
    message: '1B is not a whole number of 1G pages',
    hint: 'the nearest amounts are 0 and 1G',
  })
})

t.test('an amount that is too large is no other form', async (t) => {
  const words = 'is too large: an amount of memory is less than 8E'
  for (const text of ['18446744073709551615B', '16777215T', '+8E', '-8E'])
    t.throws(() => parseCount(text), { code: 'E_USAGE', message: `'${text}' ${words}` })
  t.throws(() => parseCount('16777215X'), { message: "'16777215X' is not a count" })
})

t.test('an amount can be rounded to whole pages', async (t) => {
  const pages = (text: string, round?: 'up' | 'down') => {
    const count = parseCount(text) as Extract<Count, { kind: 'memory' }>
    return namedPages(round === undefined ? count : { ...count, round }, 2n * M)
  }
  t.equal(pages('551M', 'up'), 276n)
  t.equal(pages('551M', 'down'), 275n)
  t.equal(pages('550M', 'up'), 275n)
  t.equal(pages('-551M', 'up'), 276n)
  t.equal(pages('577765376B', 'up'), 276n)
  t.equal(pages('578813952B'), 276n, 'as PostgreSQL prints it')
  const count = parseCount('+551M') as Extract<Count, { kind: 'memory' }>
  t.throws(() => namedPages(count, 2n * M, (amount) => `2M=1:${amount}`), {
    code: 'E_USAGE',
    message: '551M is not a whole number of 2M pages',
    hint: 'the nearest amounts are 550M and 552M; 2M=1:+552M or --round up takes the larger',
  })
})

t.test('the neighbours enclose the amount and are one page apart', async () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 2n ** 40n),
      fc.constantFrom(64n * 1024n, 2n * M, G),
      (bytes, size) => {
        fc.pre(bytes % size !== 0n)
        const below = bytes / size
        try {
          wholePages(bytes, size)
          return false
        } catch (error) {
          const [low = '', high = ''] =
            /are (\S+) and (\S+)$/.exec(`${(error as HugepoolError).hint}`)?.slice(1) ?? []
          const pages = (text: string) => namedPages(parseCount(`+${text}`) as never, size)
          return (low === '0' || pages(low) === below) && pages(high) === below + 1n
        }
      },
    ),
  )
})

t.test('the fewer of two', async (t) => {
  t.equal(fewer(1n, 2n), 1n)
  t.equal(fewer(-1n, -2n), -2n)
})

t.test('fewer than no pages are none', async (t) => {
  t.strictSame([-5n, 0n, 7n].map(atLeastNone), [0n, 0n, 7n])
})
