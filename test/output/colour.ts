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
  t.equal(paint.tone('good', 'done'), '\u001b[32mdone\u001b[39m')
  t.equal(paint.tone('warning', 'partial'), '\u001b[33mpartial\u001b[39m')
  t.equal(paint.heading('SIZE'), '\u001b[1mSIZE\u001b[22m')
  t.equal(paint.error('hugepool:'), '\u001b[31mhugepool:\u001b[39m')
  t.equal(paint.hint('hint:'), '\u001b[36mhint:\u001b[39m')
})

t.test('plain is plain', async (t) => {
  for (const text of [
    plain.tone('good', 'a'),
    plain.heading('a'),
    plain.error('a'),
    plain.hint('a'),
  ])
    t.equal(text, 'a')
})
