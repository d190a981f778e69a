import t from 'tap'
import { asciiGlyphs, barEnds, unicodeGlyphs } from '../../src/output/bar-glyphs.ts'
import { widthOf } from '../../src/output/table.ts'

t.test('the glyphs of one bar differ, and those that mean alike are the same', async (t) => {
  for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
    const { inUse, reserved, free, available, surplus, used, guaranteed, room, elsewhere } = glyphs
    t.equal(new Set([inUse, reserved, free, available, surplus, ...barEnds]).size, 7)
    t.strictSame([used, guaranteed, room, elsewhere], [inUse, reserved, available, ''])
    for (const glyph of [inUse, reserved, free, available, surplus])
      t.equal(widthOf(glyph), 1, glyph)
  }
})

t.test(
  'without Unicode they are ASCII, without anything that a shell takes for its own',
  async (t) => {
    t.match(Object.values(asciiGlyphs).join(''), /^[#=.+-]+$/)
  },
)

t.test('a console of Linux has them all: the code page 437', async (t) => {
  // Those of drivers/tty/vt/cp437.uni that are not ASCII and draw something.
  const codePage = '░▒▓█▄▀▌▐■─│'
  t.match(Object.values(unicodeGlyphs).join(''), new RegExp(`^[${codePage}]+$`))
})
