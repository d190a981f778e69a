import t from 'tap'
import {
  hasControls,
  hexadecimalEscapes,
  jsonEscape,
  octalEscapes,
  textWithEscapes,
  tomlEscape,
  visible,
  visibleLines,
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

t.test('a character as JSON and TOML read it', async (t) => {
  for (const escaped of [jsonEscape, tomlEscape]) {
    t.equal(escaped('\u000f'), '\\u000f')
    t.equal(escaped('\u001b'), '\\u001b')
  }
  for (const character of ['\u009f', '\u202e', '\u{e0041}', '\ud83d'])
    t.equal(JSON.parse(`"${jsonEscape(character)}"`), character)
  t.equal(jsonEscape('\u{e0041}'), '\\udb40\\udc41')
  t.equal(tomlEscape('\u{e0041}'), '\\U000e0041')
})

t.test('no character that a reader does not see, or a terminal obeys, is visible', async (t) => {
  const hidden: readonly (readonly [string, string])[] = [
    ['\0', '\\000'],
    ['\t', '\\011'],
    ['\n', '\\012'],
    ['\r', '\\015'],
    ['\u001b[2J', '\\033[2J'],
    ['\u007f', '\\177'],
    ['\u009b', '\\302\\233'],
    ['\u00ad', '\\302\\255'],
    ['\u061c', '\\330\\234'],
    ['\u200b', '\\342\\200\\213'],
    ['\u200f', '\\342\\200\\217'],
    ['\u2028', '\\342\\200\\250'],
    ['\u2029', '\\342\\200\\251'],
    ['\u202e', '\\342\\200\\256'],
    ['\u2066', '\\342\\201\\246'],
    ['\u3164', '\\343\\205\\244'],
    ['\ufe0f', '\\357\\270\\217'],
    ['\ufeff', '\\357\\273\\277'],
    ['\u{e0041}', '\\363\\240\\201\\201'],
    ['\ud83d', '\\357\\277\\275'],
    ['\udc00', '\\357\\277\\275'],
  ]
  for (const [text, shown] of hidden) {
    t.equal(visible(text), shown)
    t.ok(hasControls(text), shown)
  }
  for (const text of ['', ' ~', 'größe', '日本', 'e\u0301', '\u05d0', '\u{1f600}', '\ufffd']) {
    t.equal(visible(text), text)
    t.notOk(hasControls(text), text)
  }
})

t.test('tabs and the ends of lines stay, and what else is in lines is visible', async (t) => {
  t.equal(visibleLines('a\tb\n\u001bc\r\n'), 'a\tb\n\\033c\\015\n')
})
