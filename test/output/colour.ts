import t from 'tap'
import { loadPaint, plain, wantsColour } from '../../src/output/colour.ts'

t.test('colour is for terminals, unless told otherwise', async (t) => {
  t.equal(wantsColour('auto', true, {}), true)
  t.equal(wantsColour('auto', false, {}), false)
  t.equal(wantsColour('always', false, {}), true)
  t.equal(wantsColour('never', true, {}), false)
})

t.test('NO_COLOR and a terminal without colours switch it off', async (t) => {
  t.equal(wantsColour('auto', true, { NO_COLOR: '1' }), false)
  t.equal(wantsColour('auto', true, { NO_COLOR: '' }), true, 'empty means nothing')
  t.equal(wantsColour('auto', true, { TERM: 'dumb' }), false)
  t.equal(wantsColour('auto', true, { TERM: 'xterm' }), true)
  t.equal(wantsColour('always', true, { NO_COLOR: '1', TERM: 'dumb' }), true, 'asked for')
})

t.test('colour is put around the text and leaves it as it is', async (t) => {
  const paint = await loadPaint()
  const boldRed = (text: string) => `\u001b[1m\u001b[31m${text}\u001b[39m\u001b[22m`
  t.equal(paint.tone('wrong', 'partial'), boldRed('partial'))
  t.equal(paint.heading('SIZE'), '\u001b[1mSIZE\u001b[22m')
  t.equal(paint.error('hugepool:'), boldRed('hugepool:'))
})

t.test('the parts of a bar have colours, but for what is free', async (t) => {
  const { part } = await loadPaint()
  const painted = (code: number) => `\u001b[${code}mx\u001b[39m`
  const parts = [
    ...(['inUse', 'reserved', 'free', 'available', 'surplus'] as const),
    ...(['used', 'guaranteed', 'room', 'elsewhere'] as const),
  ]
  t.strictSame(
    parts.map((each) => part(each, 'x')),
    [painted(94), painted(32), 'x', 'x', painted(35), painted(94), painted(32), 'x', 'x'],
  )
  t.strictSame(
    parts.map((each) => plain.part(each, 'x')),
    parts.map(() => 'x'),
  )
})

/** Foreground and background of red on both backgrounds, as terminals have them. */
const palettes: Readonly<Record<string, readonly (readonly [red: number, ground: number])[]>> = {
  'xterm, bold as it is': [
    [0xcd0000, 0xffffff],
    [0xcd0000, 0x000000],
  ],
  'xterm, bold is bright': [
    [0xff0000, 0xffffff],
    [0xff0000, 0x000000],
  ],
  'the console of Linux, bold is bright': [[0xff5555, 0x000000]],
  'Tango, of GNOME': [
    [0xc01c28, 0xffffff],
    [0xc01c28, 0x1e1e1e],
    [0xcc0000, 0xffffff],
    [0xcc0000, 0x000000],
    [0xef2929, 0xffffff],
    [0xef2929, 0x300a24],
  ],
  Konsole: [
    [0xed1515, 0xffffff],
    [0xed1515, 0x232627],
  ],
  'Terminal of macOS': [
    [0xc23621, 0xffffff],
    [0xc23621, 0x000000],
  ],
}

/** The relative luminance of a colour, by WCAG 2. */
const luminance = (colour: number): number => {
  const part = (shift: number): number => {
    const value = ((colour >> shift) & 255) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

const contrast = (one: number, other: number): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The contrast that WCAG 2 wants of bold text is 3; GNOME gives red 2.7 on its own dark ground. */
const least = 2.5

t.test('red can be read on a light ground as on a dark one, other colours cannot', async (t) => {
  for (const [name, pairs] of Object.entries(palettes))
    for (const [red, ground] of pairs) {
      const found = contrast(red, ground)
      t.ok(found >= least, `${name}: ${found.toFixed(1)} on ${ground.toString(16)}`)
    }
  for (const [name, colour, ground] of [
    ['yellow', 0xcdcd00, 0xffffff],
    ['green', 0x00cd00, 0xffffff],
    ['cyan', 0x00cdcd, 0xffffff],
    ['blue', 0x0000ee, 0x000000],
  ] as const)
    t.ok(contrast(colour, ground) < least, name)
})

t.test('blocks in the colours of bars show on a light ground as on a dark one', async (t) => {
  for (const [name, colour] of [
    ['bright blue of xterm', 0x5c5cff],
    ['green of xterm', 0x00cd00],
    ['magenta of xterm', 0xcd00cd],
    ['bright blue of the console of Linux', 0x5555ff],
    ['green of the console of Linux', 0x00aa00],
    ['magenta of the console of Linux', 0xaa00aa],
    ['bright blue of GNOME', 0x2a7bde],
    ['green of GNOME', 0x26a269],
    ['magenta of GNOME', 0xa347ba],
  ] as const)
    for (const ground of [0xffffff, 0x000000])
      t.ok(contrast(colour, ground) > 2, `${name}: ${contrast(colour, ground)}`)
})

t.test('plain is plain', async (t) => {
  for (const text of [plain.tone('wrong', 'a'), plain.heading('a'), plain.error('a')])
    t.equal(text, 'a')
})
