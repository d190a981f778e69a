import t from 'tap'
import { columnsOf, cutLine } from '../../../src/output/telemetry/cut-line.ts'

t.test('the columns of a character', async (t) => {
  for (const one of ['a', ' ', '~', 'é', 'ä', '█', '░', 'Ж', '\u303f', '\uff61'])
    t.equal(columnsOf(one), 1, one)
  for (const two of ['漢', 'あ', '한', 'Ａ', '！', '😀', '\u{20000}', '\u1100', '\u303e', '\uff60'])
    t.equal(columnsOf(two), 2, two)
  for (const none of ['\u0301', '\u200d', '\u20dd', '\ufeff']) t.equal(columnsOf(none), 0)
})

t.test('a line is cut to the columns of its characters', async (t) => {
  t.equal(cutLine('abcdef', 6), 'abcdef')
  t.equal(cutLine('abcdef', 5), 'abcde')
  t.equal(cutLine('abcdef', 0), '')
  t.equal(cutLine('漢字漢字', 5), '漢字')
  t.equal(cutLine('a漢字', 5), 'a漢字')
  t.equal(cutLine('e\u0301a', 1), 'e\u0301', 'a mark stays with its letter')
  t.equal(cutLine('😀😀', 3), '😀')
})

t.test('colours take no room, and end where a line is cut', async (t) => {
  const bold = '\u001b[1mSIZE\u001b[22m NODE'
  t.equal(cutLine(bold, 9), bold)
  t.equal(cutLine(bold, 6), '\u001b[1mSIZE\u001b[22m N\u001b[0m')
  t.equal(cutLine('\u001b[1;31mabc', 2), '\u001b[1;31mab\u001b[0m')
  t.equal(cutLine('a\u001b[94mb', 1), 'a\u001b[94m\u001b[0m')
})
