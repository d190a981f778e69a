import t from 'tap'
import { plainName, splitKept, splitLine } from '../../../src/model/boot/command-line.ts'

const parted = (line: string) =>
  splitLine(line).words.map(({ text, at, name, value }) => [text, at, name, value])

t.test('words are parted at blanks outside of quotes', async (t) => {
  t.strictSame(parted(' hugepages=5\tquiet\n'), [
    ['hugepages=5', 1, 'hugepages', '5'],
    ['quiet', 13, 'quiet', undefined],
  ])
  t.strictSame(parted('a="b c" d'), [
    ['a="b c"', 0, 'a', 'b c'],
    ['d', 8, 'd', undefined],
  ])
  t.strictSame(parted('"a=b c" d'), [
    ['"a=b c"', 0, 'a', 'b c'],
    ['d', 8, 'd', undefined],
  ])
  t.strictSame(parted('a="b'), [['a="b', 0, 'a', 'b']], 'a quote that has no end')
  t.strictSame(parted('a="b"c'), [['a="b"c', 0, 'a', 'b"c']])
  t.strictSame(parted('a=b"c d"e'), [['a=b"c d"e', 0, 'a', 'b"c d"e']], 'a quote inside stays')
  t.strictSame(parted('a= 5 =x'), [
    ['a=', 0, 'a', ''],
    ['5', 3, '5', undefined],
    ['=x', 5, '=x', undefined],
  ])
  t.strictSame(parted('ab= c'), [
    ['ab=', 0, 'ab', ''],
    ['c', 4, 'c', undefined],
  ])
  t.strictSame(parted(''), [])
})

t.test('all behind a lone -- is for init', async (t) => {
  const { words, forInit } = splitLine('a -- b=1 -- c')
  t.strictSame(
    [words, forInit].map((all) => all.map(({ text }) => text)),
    [['a'], ['b=1', '--', 'c']],
  )
  t.strictSame(
    splitLine('-- a').forInit.map(({ text }) => text),
    ['a'],
  )
  t.strictSame(splitLine('--=1 --x').forInit, [])
})

t.test('in names - and _ are the same', async (t) => {
  t.equal(plainName('default-huge_page-sz'), 'default_huge_page_sz')
})

t.test('a line of which a kernel keeps the beginning', async (t) => {
  const told = (line: string, kept?: number) => {
    const { words, forInit, cutOff } = splitKept(line, kept)
    return [words, forInit, cutOff].map((all) => all.map(({ text }) => text))
  }
  t.strictSame(told('a=1 b=23 c', 8), [['a=1', 'b=23'], [], ['c']])
  t.strictSame(told('a=1 b=23 c', 7), [['a=1', 'b=2'], [], ['b=23', 'c']])
  t.strictSame(told('a -- b c', 6), [['a'], ['b'], ['c']])
  t.strictSame(told('a b'), [['a', 'b'], [], []])
})
