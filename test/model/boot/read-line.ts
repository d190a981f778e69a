import t from 'tap'
import { splitLine } from '../../../src/model/boot/command-line.ts'
import { rulesOf } from '../../../src/model/boot/kernel-series.ts'
import { isGiganticAtBoot, retold, type WordFate } from '../../../src/model/boot/read-line.ts'
import { bootMachine } from '../../helpers/predicted.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('what is larger than the largest block is gigantic', async (t) => {
  const reader = { rules: rulesOf([6, 12]), machine: bootMachine }
  t.strictSame(
    [2n * M, 4n * M, G].map((size) => isGiganticAtBoot(reader, size)),
    [false, false, true],
  )
})

t.test('what is told of a word that was used; worse stays', async (t) => {
  const { words } = splitLine('a b')
  const [first, second] = words.map((word): WordFate => ({ word, means: '', result: 'used' }))
  if (first === undefined || second === undefined) throw new Error('two words')
  const told = retold([first, second], first.word, { result: 'short', why: 'x' })
  t.strictSame(told, [{ ...first, result: 'short', why: 'x' }, second])
  t.strictSame(retold(told, first.word, { result: 'ignored' }), told)
  t.strictSame(retold(told, undefined, { result: 'ignored' }), told)
})
