import t from 'tap'
import { parseListenAddress } from '../../../src/model/telemetry/listen-address.ts'

t.test('an address with a port, or a port on loopback', async (t) => {
  const at = (host: string, port: number) => ({ host, port })
  t.strictSame(parseListenAddress('127.0.0.1:9786'), at('127.0.0.1', 9786))
  t.strictSame(parseListenAddress('0.0.0.0:1'), at('0.0.0.0', 1))
  t.strictSame(parseListenAddress('255.255.255.255:65535'), at('255.255.255.255', 65535))
  t.strictSame(parseListenAddress('[::1]:9786'), at('::1', 9786))
  t.strictSame(parseListenAddress('[FE80::1:2]:80'), at('FE80::1:2', 80))
  t.strictSame(parseListenAddress('[::ffff:10.0.0.1]:80'), at('::ffff:10.0.0.1', 80))
  t.strictSame(parseListenAddress(':9786'), at('127.0.0.1', 9786))
  t.strictSame(parseListenAddress('9786'), at('127.0.0.1', 9786))
  t.strictSame(parseListenAddress('0'), at('127.0.0.1', 0))
})

t.test('nothing else', async (t) => {
  for (const text of [
    '',
    ':',
    'x',
    '65536',
    '-1',
    '1.5',
    '08',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:x',
    '127.0.0.1:65536',
    '127.0.0:80',
    '127.0.0.0.1:80',
    '127.0.0.256:80',
    '127.0.0.01:80',
    '127.0.0.x:80',
    'localhost:80',
    '::1:80',
    '::1',
    '[]:80',
    '[1]:80',
    '[x::]:80',
    '[::1',
    '[::1]',
    '[::1]80',
    '[::1]:80:90',
    '[127.0.0.1]:80',
    'a[::1]:80',
    '127.0.0.1:80\n',
    '\n:80',
  ])
    t.throws(
      () => parseListenAddress(text),
      {
        code: 'E_USAGE',
        reason: 'wrong-words',
        message: `'${text}' is not an address with a port`,
        hint: 'it is written as 127.0.0.1:9786, [::1]:9786 or 9786',
      },
      JSON.stringify(text),
    )
})
