import t from 'tap'
import { configText, mostOctets } from '../../../src/model/config/config-text.ts'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'

t.test('a text is decoded', async (t) => {
  t.equal(configText(octets('# b\u00e4r \u{1f43b}\n'), '/a'), '# b\u00e4r \u{1f43b}\n')
  t.equal(configText(asOctets(''), '/a'), '')
  t.equal(configText(asOctets('x'.repeat(mostOctets)), '/a').length, mostOctets)
})

t.test('what is no text of UTF-8 is refused', async (t) => {
  const utf8 = 'save it as UTF-8 without a byte order mark'
  const wrong: readonly (readonly [octets: string, message: string, hint: string | undefined])[] = [
    ['\xff\xfea\0', '/a: is UTF-16', utf8],
    ['\xfe\xff\0a', '/a: is UTF-16', utf8],
    ['\xef\xbb\xbfa', '/a: begins with a byte order mark', utf8],
    ['a\0', '/a: is no text: it has octets of 0 in it', utf8],
    ['b\xe4r', '/a: is not UTF-8', utf8],
    ['\xed\xa0\x80', '/a: is not UTF-8', utf8],
    ['x'.repeat(mostOctets + 1), '/a: is larger than 128K, as no configuration is', undefined],
  ]
  for (const [text, message, hint] of wrong)
    t.throws(() => configText(asOctets(text), '/a'), {
      code: 'E_CONFIG',
      reason: 'not-understood',
      message,
      hint,
    })
})
