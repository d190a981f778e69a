import t from 'tap'
import {
  hexadecimalEscapes,
  octalEscapes,
  textWithEscapes,
  unicodeEscape,
  withoutOctalEscapes,
} from '../../../src/model/etc/octal-escapes.ts'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'
import * as fc from '../../helpers/property.ts'

t.test('a byte is a backslash and three digits', async (t) => {
  t.equal(octalEscapes(' '), '\\040')
  t.equal(octalEscapes('\n\\'), '\\012\\134')
  t.equal(hexadecimalEscapes('\n$'), '\\x0a\\x24', 'always two digits')
  t.equal(octalEscapes('\u202e'), '\\342\\200\\256', 'every byte of a character')
})

t.test('what is an escape is undone, once', async (t) => {
  const undone = (text: string) => withoutOctalEscapes(asOctets(text))
  t.equal(undone('/a\\040b\\134040'), '/a b\\040')
  t.equal(undone('/plain'), '/plain')
  t.equal(undone('\\377'), '\xff')
  t.equal(undone('\\400\\04\\9'), '\\400\\04\\9', 'no byte')
})

t.test('bytes that are not UTF-8 are told as escapes', async (t) => {
  const text = (bytes: string) => textWithEscapes(asOctets(bytes))
  t.equal(text('gr\xc3\xb6\xc3\x9fe'), 'größe')
  t.equal(text('\xff\xfe'), '\\377\\376')
  t.equal(text('\xc3\xb6\xff\xe6\x97\xa5'), 'ö\\377日', 'and the others as they are')
  t.equal(text('a\xe6\x97'), 'a\\346\\227', 'a part of a character')
  t.equal(text('\xed\xa0\x80\xc0\x80'), '\\355\\240\\200\\300\\200', 'what looks like UTF-8')
})

t.test('property: nothing is lost', async () => {
  const bytes = fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })
    .map((all) => asOctets(String.fromCharCode(...all).replaceAll('\\', '/')))
  fc.assert(fc.property(bytes, (all) => withoutOctalEscapes(octets(textWithEscapes(all))) === all))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.character }),
      (text) => withoutOctalEscapes(asOctets(octalEscapes(text))) === octets(text),
    ),
  )
})

t.test('a character as JSON reads it', async (t) => {
  t.equal(unicodeEscape('\u000f'), '\\u000f')
  t.equal(unicodeEscape('\u001b'), '\\u001b')
  t.equal(JSON.parse(`"${unicodeEscape('\u009f')}"`), '\u009f')
})
