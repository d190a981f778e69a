import t from 'tap'
import { asOctets, isText, octets, textOf } from '../../../src/model/etc/octets.ts'
import * as fc from '../../helpers/property.ts'

t.test('a character is as many octets as UTF-8 has bytes for it', async (t) => {
  t.equal(octets('a/b'), 'a/b')
  t.equal(octets('größe'), 'gr\xc3\xb6\xc3\x9fe')
  t.equal(octets('日'), '\xe6\x97\xa5')
  t.equal(octets(''), '')
})

t.test('octets that are UTF-8 are decoded', async (t) => {
  t.equal(textOf(asOctets('gr\xc3\xb6\xc3\x9fe-\xe6\x97\xa5\xe6\x9c\xac')), 'größe-日本')
  t.equal(textOf(asOctets('\xef\xbb\xbfa')), '\ufeffa', 'a byte order mark is kept')
})

t.test('what is not UTF-8 is a replacement character, as Node reads names', async (t) => {
  for (const bytes of ['a\xff\xfeb', '\xe6\x97', '\xc3(', '\x80', '\xed\xa0\x80']) {
    t.equal(textOf(asOctets(bytes)), Buffer.from(bytes, 'latin1').toString('utf8'))
    t.notOk(isText(asOctets(bytes)))
  }
})

t.test('property: a text is what its octets are decoded to', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.character }), (text) => {
      const bytes = octets(text)
      return textOf(bytes) === text && isText(bytes) && !/[^\0-\xff]/.test(bytes)
    }),
  )
})
