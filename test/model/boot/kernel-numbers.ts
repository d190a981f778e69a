import t from 'tap'
import {
  kstrtobool,
  kstrtoul,
  scanSize,
  scanUnsigned,
} from '../../../src/model/boot/kernel-numbers.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('counts are decimal digits', async (t) => {
  t.strictSame(scanUnsigned('010x', false), { value: 10n, length: 3 })
  t.strictSame(scanUnsigned('0x10', false), { value: 0n, length: 1 })
  for (const text of ['', '-1', '+4', ' 4', 'x'])
    t.equal(scanUnsigned(text, false), undefined, text)
  const text = `${2n ** 64n + 3n}`
  t.strictSame(scanUnsigned(text, false)?.value, 3n)
  t.strictSame(scanUnsigned(text, true)?.value, 2n ** 64n - 1n)
  t.strictSame(scanUnsigned(`${2n ** 64n - 1n}`, false)?.value, 2n ** 64n - 1n)
})

t.test('sizes have a base and a suffix', async (t) => {
  for (const [text, value, length] of [
    ['2M', 2n * M, 2],
    ['2MiB', 2n * M, 2],
    ['0x200000', 2n * M, 8],
    ['2048kB', 2n * M, 5],
    ['1g,', G, 2],
    ['08M', 0n, 1],
    ['2.5M', 2n, 1],
    ['', 0n, 0],
    ['M', 0n, 0],
  ] as const)
    t.strictSame(scanSize(text, false), { value, length }, text)
  t.equal(scanSize('16E', false).value, 0n, 'upper bits are lost')
  t.equal(scanSize('16E', true).value, 2n ** 64n - 1n)
})

t.test('words for yes and no', async (t) => {
  for (const text of ['y', 'Yes', 't', '1', 'on', 'ON', 'on!'])
    t.equal(kstrtobool(text, false), true, text)
  for (const text of ['n', 'No', 'f', '0', '00', 'off', 'OF'])
    t.equal(kstrtobool(text, false), false, text)
  for (const text of [undefined, '', 'o', 'x', '2', 'enable', 'disable'])
    t.equal(kstrtobool(text, false), undefined, `${text}`)
  t.equal(kstrtobool('enable', true), true)
  t.equal(kstrtobool('disable', true), false)
})

t.test('a number that is all of a text', async (t) => {
  for (const [text, value] of [
    ['8', 8n],
    ['+8', 8n],
    ['0x10', 16n],
    ['010', 8n],
    ['0', 0n],
    [`${2n ** 64n - 1n}`, 2n ** 64n - 1n],
  ] as const)
    t.equal(kstrtoul(text), value, text)
  for (const text of ['', '8x', '8k', 'x', '-1', '08', `${2n ** 64n}`, '0x'])
    t.equal(kstrtoul(text), undefined, text)
})
