import t from 'tap'
import { parseToml, tomlText } from '../../../src/model/config/toml-text.ts'

t.test('whole numbers are exact', async (t) => {
  t.equal(parseToml('a = 9007199254740993', 'x').a, 9007199254740993n)
  t.equal(parseToml('a = 0x7fff_ffff_ffff_ffff', 'x').a, 2n ** 63n - 1n)
})

t.test('errors have line and column, and a hint where quotes lack', async (t) => {
  t.throws(() => parseToml('\na = 8G', '/x'), {
    code: 'E_CONFIG',
    message: '/x:2:6: no TOML: illegal character in numeric literal',
    hint: 'values that are no plain numbers stand in quotes, as in pages = "0:512,1:256"',
  })
  t.throws(() => parseToml('a', '/x'), {
    code: 'E_CONFIG',
    message: /^\/x:1:1: no TOML: /,
    hint: undefined,
  })
  t.throws(() => parseToml('a = "/b"\n[mounts./mnt]\nb c = 1\n', '/x'), {
    message: '/x:2:9: no TOML: illegal character in key',
    hint: 'paths stand in quotes, as in [mounts."/mnt/huge"]',
  })
  t.throws(() => parseToml('a = "/b"\nb c = 1\n', '/x'), {
    message: /^\/x:2:3: no TOML: illegal character in key/,
    hint: undefined,
  })
  t.throws(() => parseToml('a = "/b\n', '/x'), { message: /^\/x:1:/, hint: undefined })
  t.throws(() => parseToml(`a = ${'['.repeat(17)}${']'.repeat(17)}`, '/x'), {
    code: 'E_CONFIG',
    message: '/x:1:21: no TOML: document contains excessively nested structures. aborting.',
  })
  const deepest = `a = ${'['.repeat(16)}${']'.repeat(16)}`
  t.doesNotThrow(() => parseToml(deepest, '/x'))
})

t.test('a text, without tables that say nothing', async (t) => {
  t.equal(
    tomlText({ a: 1n, b: { c: { d: 'x' } }, e: {}, f: [1n, 'y'], g: true }),
    'a = 1\nf = [ 1, "y" ]\ng = true\n\n[b.c]\nd = "x"\n',
  )
  t.equal(tomlText({}), '\n')
})

t.test('a terminal has nothing to obey, and it says the same', async (t) => {
  const table = { 'a\u202e': { b: 'c\u009b\x7f\x1b' } }
  const text = tomlText(table)
  t.equal(text, '["a\\u202e"]\nb = "c\\u009b\\u007f\\u001b"\n')
  t.equal(tomlText(parseToml(text, 'x')), text)
})
