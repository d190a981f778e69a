import t from 'tap'
import {
  approximateBytes,
  decimalPattern,
  formatBytes,
  largestNumber,
  parseBytes,
  roundedUp,
} from '../../../src/model/words/bytes.ts'
import * as fc from '../../helpers/property.ts'

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E']

t.test('every way to write an amount', async (t) => {
  for (const text of ['2M', '2MB', '2MiB', '2Mi', '2m', '2mIb', '2048k', '2048kB', '2048KiB'])
    t.equal(parseBytes(text), 2097152n, text)
  t.equal(parseBytes('2097152'), 2097152n)
  t.equal(parseBytes('0'), 0n)
  t.equal(parseBytes('0K'), 0n)
  for (const [power, unit] of units.entries())
    t.equal(parseBytes(`3${unit}`), 3n * 1024n ** BigInt(power), unit)
})

t.test('2^63 - 1 is the most', async (t) => {
  t.equal(parseBytes('9223372036854775807'), largestNumber)
  t.equal(parseBytes('9223372036854775808'), undefined)
  t.equal(parseBytes('7E'), 7n * 2n ** 60n)
  t.equal(parseBytes('8E'), undefined)
  t.equal(parseBytes('18446744073709551616'), undefined)
})

t.test('anything else is no amount', async (t) => {
  const wrong = ['', ' ', '2X', '2M2', '-2M', '+2M', '1.5G', '1e3', '0x10', '010', '8GG', '2 M']
  for (const text of [
    ...wrong,
    '2M ',
    ' 2M',
    '2M\n',
    'B',
    '2BB',
    '2iB',
    'M',
    '2MiBs',
    '٢M',
    '2\u212A',
    '2м',
  ])
    t.equal(parseBytes(text), undefined, JSON.stringify(text))
})

t.test('what is written is read back exactly', async () => {
  fc.assert(
    fc.property(fc.bigInt(0n, largestNumber), (bytes) => parseBytes(formatBytes(bytes)) === bytes),
  )
})

t.test('a whole number of units is written in the largest unit without a rest', async () => {
  const fewDigits = fc.bigInt(1n, 1023n)
  fc.assert(
    fc.property(fewDigits, fc.integer({ min: 0, max: 6 }), (digits, power) => {
      return formatBytes(digits * 1024n ** BigInt(power)) === `${digits}${units[power]}`
    }),
  )
})

t.test('what is read of any text is what it says', async () => {
  const near = fc.stringMatching(/^[-+0-9kKmMgGtTpPeEiIbBxX. ]{0,12}$/)
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      const bytes = parseBytes(text)
      if (bytes === undefined) return true
      const [, digits = '', unit = ''] = /^(\d+)([A-Za-z]?)/.exec(text) ?? []
      const power = units.indexOf(unit.toUpperCase())
      return bytes === BigInt(digits) * 1024n ** BigInt(power) && `${BigInt(digits)}` === digits
    }),
  )
})

t.test('a decimal number is digits alone, without a leading zero', async (t) => {
  for (const text of ['0', '7', '10', '18446744073709551616']) t.match(text, decimalPattern)
  for (const text of ['', '01', '-1', 'x1', '1x', '1\n', '1.0']) t.notMatch(text, decimalPattern)
})

t.test('amounts below zero keep their sign', async (t) => {
  t.equal(formatBytes(-2097152n), '-2M')
  t.equal(formatBytes(0n), '0')
  t.equal(formatBytes(1026n * 1024n ** 2n), '1026M')
  t.equal(formatBytes(2n ** 80n), '1048576E')
})

t.test('an amount for a sentence is rounded down to what can be typed', async (t) => {
  t.equal(approximateBytes(0n), '0')
  t.equal(approximateBytes(1n), '1')
  t.equal(approximateBytes(1024n), '1K')
  t.equal(approximateBytes(100n * 1024n ** 2n + 1024n ** 2n / 2n), '100M')
  t.equal(approximateBytes(2n ** 70n), '1024E')
  t.equal(approximateBytes(1023n), '1023')
  t.equal(approximateBytes(1536n), '1536')
  t.equal(approximateBytes(512n * 1024n ** 2n), '512M')
  t.equal(approximateBytes(25n * 1024n ** 3n - 1n), '24G')
  t.equal(approximateBytes(1024n ** 3n - 1n), '1023M')
  t.equal(approximateBytes(64n * 1024n ** 2n), '64M')
  t.equal(approximateBytes(10n * 1024n ** 2n + 1n), '10M')
  t.equal(approximateBytes(10n * 1024n ** 2n - 1n), '10239K')
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), (bytes) => {
      const typed = parseBytes(approximateBytes(bytes)) ?? -1n
      return typed <= bytes && (bytes - typed) * 10n <= bytes
    }),
  )
})

t.test('bytes are rounded up to whole pages', async (t) => {
  for (const [bytes, whole] of [
    [0n, 0n],
    [1n, 10n],
    [10n, 10n],
    [11n, 20n],
  ] as const)
    t.equal(roundedUp(bytes, 10n), whole)
})
