import t from 'tap'
import {
  checkPathLength,
  directoryAbove,
  isWithin,
  lastName,
  pathAndAbove,
  pathParts,
  singleSlashes,
} from '../../../src/model/etc/path-parts.ts'

t.test('empty names and dots make no difference', async (t) => {
  t.strictSame(pathParts('/a/b'), ['a', 'b'])
  t.strictSame(pathParts('//a/./b/'), ['a', 'b'])
  t.strictSame(pathParts('a/../.b'), ['a', '..', '.b'], 'what leads upwards stays')
  t.strictSame(pathParts('/'), [])
  t.strictSame(pathParts(''), [])
})

t.test('a directory has what is below it and itself', async (t) => {
  t.ok(isWithin('/a', '/a'))
  t.ok(isWithin('/a/b/c', '/a'))
  t.notOk(isWithin('/ab', '/a'))
  t.notOk(isWithin('/', '/a'))
  t.ok(isWithin('/a', '/'))
  t.ok(isWithin('/', '/'))
})

t.test('the directories above a path', async (t) => {
  t.strictSame(pathAndAbove('/a/b'), ['/a/b', '/a', '/'])
  t.strictSame(pathAndAbove('/a//b'), ['/a//b', '/a/', '/a', '/'])
  t.strictSame(pathAndAbove('/'), ['/'])
})

t.test('the directory and the last name of a path', async (t) => {
  const parts = ['/a/b.c', '/a', '/', '/a/'].map((path) => [directoryAbove(path), lastName(path)])
  t.strictSame(parts, [
    ['/a', 'b.c'],
    ['/', 'a'],
    ['/', ''],
    ['/a', ''],
  ])
  t.equal(lastName('a'), 'a', 'a name without a directory')
  t.equal(singleSlashes('//a/b///c/'), '/a/b/c/')
})

t.test('the longest path that the kernel takes', async (t) => {
  for (const path of ['a'.repeat(4095), `${'ä'.repeat(2047)}b`])
    t.equal(checkPathLength(path), path)
  for (const path of ['a'.repeat(4096), 'ä'.repeat(2048)])
    t.throws(() => checkPathLength(path), {
      message: 'a path of 4096 octets is too long: the kernel takes 4095',
      exitCode: 2,
    })
})
