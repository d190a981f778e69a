import t from 'tap'
import { keysIn } from '../../../src/output/telemetry/screen-keys.ts'

const esc = '\u001b'

t.test('letters are keys, in the order in which they were typed', async (t) => {
  t.strictSame(keysIn('q p+?é漢😀\r\n'), ['q', ' ', 'p', '+', '?', 'é', '漢', '😀', '\r', '\n'])
  t.strictSame(keysIn(''), [])
  t.strictSame(keysIn('\u0003\u001a'), ['ctrl-c', 'ctrl-z'])
  t.strictSame(keysIn('\u0001'), ['\u0001'])
})

t.test('sequences are keys with names', async (t) => {
  for (const [key, ...sequences] of [
    ['up', '[A', 'OA'],
    ['down', '[B', 'OB'],
    ['pageup', '[5~'],
    ['pagedown', '[6~'],
    ['home', '[H', 'OH', '[1~', '[7~'],
    ['end', '[F', 'OF', '[4~', '[8~'],
    ['escape', ''],
    ['', '[C', '[15~', '[1;5A', 'OP', '[<0;1;2M'],
  ] as const)
    for (const sequence of sequences) t.strictSame(keysIn(`${esc}${sequence}`), [key], sequence)
  t.strictSame(keysIn(`a${esc}[A${esc}[99~b`), ['a', 'up', '', 'b'])
  t.strictSame(keysIn(`${esc}q`), ['escape', 'q'])
  t.strictSame(keysIn(`${esc}${esc}[A`), ['escape', 'up'])
})
