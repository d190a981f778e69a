import { join, resolve } from 'node:path'
import t from 'tap'
import { refused, usage } from '../../../../src/errors.ts'
import { readKeptWords } from '../../../../src/kernel/processes/files/kept-words.ts'
import { fill } from '../../../helpers/proc-scan.ts'
import { temporary } from '../../../helpers/run.ts'

t.test('names stand for themselves', async (t) => {
  const fault = () => {
    throw new Error('nothing is looked for')
  }
  t.strictSame(readKeptWords(['a', 'b*'], fault), [
    { word: 'a', pattern: 'a', keys: new Set() },
    { word: 'b*', pattern: 'b*', keys: new Set() },
  ])
})

t.test('paths are absolute, and lead to files', async (t) => {
  const keysOf = (path: string) => [`of ${path}`, 'more']
  t.strictSame(readKeptWords(['./a', '/b/c'], keysOf), [
    {
      word: './a',
      pattern: `${resolve('.')}/./a`,
      keys: new Set([`of ${resolve('.')}/./a`, 'more']),
    },
    { word: '/b/c', pattern: '/b/c', keys: new Set(['of /b/c', 'more']) },
  ])
})

t.test('a pattern leads to the files that are there', async (t) => {
  const top = temporary(t)
  fill(top, { texts: { 'd/one': '', 'd/only': '', 'd/two': '' } })
  const [found] = readKeptWords([join(top, 'd/o*')], (path) => [path])
  t.strictSame([...(found?.keys ?? [])].sort(), [join(top, 'd/one'), join(top, 'd/only')])
  const [none] = readKeptWords([join(top, 'none/o*')], (path) => [path])
  t.strictSame(none?.keys, new Set(), 'no such directory')
})

t.test('what is not there or not on a hugetlbfs leads nowhere', async (t) => {
  const throwing = (error: Error) => () => {
    throw error
  }
  const [found] = readKeptWords(['/x'], throwing(usage('/x: no such file', undefined, 'no-file')))
  t.strictSame(found, { word: '/x', pattern: '/x', keys: new Set() })
  for (const error of [refused('changed', 'x'), new TypeError('a fault')])
    t.throws(() => readKeptWords(['/x'], throwing(error)), error)
})
