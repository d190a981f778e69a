import t from 'tap'
import { formatDuration, parseDuration } from '../../../src/model/words/duration.ts'
import * as fc from '../../helpers/property.ts'

t.test('durations', async (t) => {
  for (const [text, milliseconds] of [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['0s', 0],
  ] as const) {
    t.equal(parseDuration(text), milliseconds, text)
    t.equal(formatDuration(milliseconds), text)
  }
  t.equal(formatDuration(90_000), '90s')
  t.equal(formatDuration(1500), '1500ms')
})

t.test('nothing else is one', async (t) => {
  for (const text of [
    '',
    '5',
    's',
    '05s',
    '-1s',
    '1.5s',
    '1 s',
    '5S',
    '1d',
    '1e3s',
    '9999999999s',
    '5sx',
    'x5s',
  ])
    t.throws(() => parseDuration(text), { code: 'E_USAGE' }, text)
})

t.test('one that is only too long is called so', async (t) => {
  const hint = 'a duration has at most nine digits'
  t.throws(() => parseDuration('1234567890ms'), { message: "'1234567890ms' is too long", hint })
  t.equal(parseDuration('123456789ms'), 123_456_789)
  for (const text of ['1234567890', 'x1234567890s', '1234567890sx', '0234567890s'])
    t.throws(() => parseDuration(text), { message: `'${text}' is not a duration` }, text)
})

t.test('what is written is read as the same', async () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 2 ** 29 }),
      (milliseconds) => parseDuration(formatDuration(milliseconds)) === milliseconds,
    ),
  )
})
