import t from 'tap'
import { splitLine } from '../../../src/model/boot/command-line.ts'
import {
  nothingWanted,
  retold,
  retoldAll,
  type WordFate,
} from '../../../src/model/boot/read-line.ts'

t.test('what is told of a word that was used; worse stays', async (t) => {
  const { words } = splitLine('a b')
  const [first, second] = words.map((word): WordFate => ({ word, means: '', result: 'used' }))
  if (first === undefined || second === undefined) throw new Error('two words')
  const told = retold([first, second], first.word, { result: 'short', why: 'x' })
  t.strictSame(told, [{ ...first, result: 'short', why: 'x' }, second])
  t.strictSame(retold(told, first.word, { result: 'ignored' }), told)
  t.strictSame(retold(told, undefined, { result: 'ignored' }), told)
})

t.test('what is told of all words that asked for pages', async (t) => {
  const { words } = splitLine('a b c')
  const fates = words.map((word): WordFate => ({ word, means: '', result: 'used' }))
  const [first, second, third] = words
  if (first === undefined || second === undefined) throw new Error('three words')
  const wanted = { ...nothingWanted, word: second, nodeWords: new Map([[0, first]]) }
  const told = retoldAll(fates, wanted, { result: 'ignored' })
  t.strictSame(
    told.map(({ word, result }) => [word, result]),
    [
      [first, 'ignored'],
      [second, 'ignored'],
      [third, 'used'],
    ],
  )
})
