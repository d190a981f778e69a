import t from 'tap'
import { keyPositions } from '../../../src/model/config/key-positions.ts'

const text = `# [no.header]
top = 1 # a = 2

[ pools . "2M" ]
"pages" = "a = 3 # \\"b"
'essential'=true
list = [ # c = 4
  "[x]", {deep = {er = 1}, y = 2}, '}',
  [[1, 2], 3]
] # d = 5
inline = { one = 1, "two\\u0021".three = 'x' }
[mounts."/a.b]"]
long = """
pages = 1 \\"""
e = 6"""""
size = '''
f = 7
''''' # end
mode = 1979-05-27 07:32:00Z
[mounts."\\U0000002f"]
uid = 1
[[tables]]
gid = 2
[[tables]]
gid = 3
[a.b.c.d.e.f.g.h.i.j]
k = 1
\tlast\t=\t1`

t.test('the line and column of every key', async (t) => {
  const at = keyPositions(text)
  const positions: readonly (readonly [path: string, position: string | undefined])[] = [
    ['top', '2:1'],
    ['a', '26:2'],
    ['no', undefined],
    ['pools', '4:2'],
    ['pools 2M', '4:2'],
    ['pools 2M pages', '5:1'],
    ['pools 2M essential', '6:1'],
    ['pools 2M none', '4:2'],
    ['pools 1G', '4:2'],
    ['pools 2M list', '7:1'],
    ['pools 2M list deep', '8:11'],
    ['pools 2M list deep er', '8:19'],
    ['pools 2M list y', '8:28'],
    ['pools 2M inline one', '11:12'],
    ['pools 2M inline two!', '11:21'],
    ['pools 2M inline two! three', '11:21'],
    ['mounts /a.b]', '12:2'],
    ['mounts /a.b] long', '13:1'],
    ['mounts /a.b] size', '16:1'],
    ['mounts /a.b] mode', '19:1'],
    ['mounts /a.b] e', '12:2'],
    ['mounts /', '12:2'],
    ['mounts / uid', '12:2'],
    ['mounts', '12:2'],
    ['tables', '22:3'],
    ['tables gid', '23:1'],
    ['a b c d e f g h', '26:2'],
    ['a b c d e f g h i j k', '26:2'],
  ]
  for (const [path, position] of positions) {
    const found = at(path.split(' '))
    t.equal(found && `${found.line}:${found.column}`, position, path)
  }
  t.equal(at([]), undefined)
})

t.test('the end of the text', async (t) => {
  for (const end of ['', '\n', '\r\n', ' # x', '\n\n# y'])
    t.strictSame(keyPositions(`x = 1\r\ny.z = "a"${end}`)(['y', 'z']), { line: 2, column: 1 }, end)
  t.equal(keyPositions('')(['a']), undefined)
  t.equal(keyPositions('# a')(['a']), undefined)
})

t.test('a key wins over what begins like it', async (t) => {
  const at = keyPositions('[a.b]\nx = 1\n[a]\ny = 1\n')
  t.strictSame(at(['a']), { line: 3, column: 2 })
  t.strictSame(at(['a', 'b']), { line: 1, column: 2 })
})
