import t from 'tap'
import { refused, usage } from '../../../src/errors.ts'
import {
  configError,
  faultsOf,
  keyText,
  pathText,
  positionText,
} from '../../../src/model/config/config-fault.ts'
import { parseToml } from '../../../src/model/config/toml-text.ts'
import * as fc from '../../helpers/property.ts'

t.test('paths as they stand in a file', async (t) => {
  t.equal(pathText(['pools', '2M', 'pages']), 'pools.2M.pages')
  t.equal(pathText(['mounts', '/mnt/huge', 'page-size']), 'mounts."/mnt/huge".page-size')
  t.equal(
    pathText(['a b', '', 'a"b\\', 'a\n\x7f', '_-9']),
    '"a b"."".\u0022a\\"b\\\\\u0022."a\\n\\u007f"._-9',
  )
  t.equal(pathText([]), '')
  t.equal(pathText(['a', 'b', 'c', 'd', 'e', 'f']), 'a.b.c.d.e.f')
  t.equal(pathText(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'a.b.c.d.e.f....')
  t.equal(pathText(['x'.repeat(500)]), 'x'.repeat(80))
})

t.test('any name is the key that it is written as', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.character }), (name) => {
      const [found] = Object.keys(parseToml(`${keyText(name)} = 1`, 'x'))
      return found === name
    }),
  )
})

t.test('positions as editors write them', async (t) => {
  t.equal(positionText({ file: '/a', line: 7, column: 3, key: 'b.c' }), '/a:7:3: b.c')
  t.equal(positionText({ file: '/a', line: 7, key: 'b' }), '/a:7: b')
  t.equal(positionText({ file: '/a', key: '' }), '/a')
  t.equal(positionText({ file: '/a', line: 1, column: 2, key: '' }), '/a:1:2')
})

t.test('an error of a position', async (t) => {
  const { code, reason, message, hint, exitCode } = configError(
    { file: '/a', line: 1, key: 'k' },
    'is wrong',
    'mend it',
  )
  t.strictSame(
    { code, reason, message, hint, exitCode },
    {
      code: 'E_CONFIG',
      reason: 'wrong-words',
      message: '/a:1: k: is wrong',
      hint: 'mend it',
      exitCode: 2,
    },
  )
  t.equal(configError({ file: '/a', key: '' }, 'x', undefined, 'wrong-file').reason, 'wrong-file')
})

t.test('checks and their faults', async (t) => {
  t.strictSame(
    faultsOf(['a'], () => {}),
    [],
  )
  t.strictSame(
    faultsOf(['a'], () => {
      throw usage('words', 'hint', 'not-whole')
    }),
    [{ path: ['a'], message: 'words', hint: 'hint', reason: 'not-whole' }],
  )
  t.strictSame(
    faultsOf(['a'], () => {
      throw refused('short', 'words')
    }),
    [{ path: ['a'], message: 'words', reason: 'short' }],
  )
  t.throws(() =>
    faultsOf(['a'], () => {
      throw new Error('a fault of the program')
    }),
  )
})
