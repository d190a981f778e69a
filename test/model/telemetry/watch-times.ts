import t from 'tap'
import {
  parseInterval,
  parseLooks,
  parseWatchTime,
} from '../../../src/model/telemetry/watch-times.ts'

t.test('a time is a number of seconds or has a unit', async (t) => {
  t.strictSame(['2', '0', '500ms', '60s', '1m'].map(parseWatchTime), [2000, 0, 500, 60_000, 60_000])
  for (const text of ['', '1.5', '-1', '02', '1x', '1e3'])
    t.throws(() => parseWatchTime(text), { code: 'E_USAGE' }, text)
  t.equal(parseWatchTime('999999999'), 999_999_999_000)
  t.throws(() => parseWatchTime('1000000000'), {
    code: 'E_USAGE',
    message: "'1000000000' is too long",
    hint: 'a duration has at most nine digits',
  })
})

t.test('an interval is neither too short nor too long', async (t) => {
  t.strictSame(['100ms', '1', '60m', '1h'].map(parseInterval), [100, 1000, 3_600_000, 3_600_000])
  for (const text of ['0', '99ms', '3600001ms', '2h'])
    t.throws(() => parseInterval(text), {
      code: 'E_USAGE',
      message: `'${text}' is no interval`,
      hint: 'it is at least 100ms and at most 1h',
    })
})

t.test('a number of looks', async (t) => {
  t.strictSame(['1', '10', '999999999'].map(parseLooks), [1, 10, 999_999_999])
  for (const text of ['', '0', '-1', '01', '1.5', '1x', '1000000000'])
    t.throws(() => parseLooks(text), {
      code: 'E_USAGE',
      message: `'${text}' is not a number of looks`,
      hint: 'it is a number from 1 to 999999999',
    })
})
