import t from 'tap'
import { isWithin, pathAndAbove, pathParts } from '../../../src/model/etc/path-parts.ts'

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
