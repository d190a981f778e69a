import t from 'tap'
import { formatSeries, parseSeries, rulesOf } from '../../../src/model/boot/kernel-series.ts'

t.test('a series is the first two numbers of a release', async (t) => {
  for (const text of ['6.12', '6.12.117', '6.12.117+deb12-cloud-amd64', '6.12-rc1'])
    t.strictSame(parseSeries(text), [6, 12], text)
  for (const text of ['', '6', 'x6.12', '6.x', '6.12345'])
    t.equal(parseSeries(text), undefined, text)
  t.equal(formatSeries([7, 3]), '7.3')
})

/** The values of a rule in the series before and from that with which it changed. */
const changed = (rule: keyof ReturnType<typeof rulesOf>, ...series: readonly string[]) =>
  series.map((name) => rulesOf(parseSeries(name) ?? [0, 0])[rule])

t.test('what changed with which series', async (t) => {
  t.strictSame(changed('nodeForm', '5.15', '5.16', '6.1'), [false, true, true])
  t.strictSame(changed('early', '5.19', '6.14', '6.15', '7.3'), [false, false, true, true])
  t.strictSame(changed('bare', '6.14', '6.15', '6.19', '7.0'), [
    'unknown',
    'no-boot',
    'no-boot',
    'malformed',
  ])
  t.strictSame(changed('exactNodes', '6.14', '6.15'), [false, true])
  t.strictSame(changed('refusesBareNodes', '6.14', '6.18', '7.3'), [false, true, false])
  t.strictSame(changed('pieces', '6.7', '6.8', '6.15'), ['one', 'nodes', 'threads'])
  t.strictSame(changed('saturates', '7.2', '7.3'), [false, true])
  t.strictSame(changed('tellsUnknown', '5.13', '5.14'), [false, true])
  t.strictSame(changed('freeVmemmap', '5.13', '5.14', '6.0', '6.15'), [
    'unknown',
    'on-off',
    'core',
    'early',
  ])
  t.strictSame(changed('enableWords', '6.19', '7.0'), [false, true])
  t.strictSame(changed('allocThreads', '6.14', '6.15'), [false, true])
  t.strictSame(changed('sysctlWords', '5.7', '5.8'), [false, true])
  t.strictSame(changed('cma', '5.6', '5.7', '5.16'), ['unknown', 'size', 'nodes'])
  t.strictSame(changed('cmaOnly', '6.14', '6.15'), [false, true])
  t.strictSame(changed('cmaMultiples', '7.1', '7.2'), [false, true])
  t.strictSame(changed('cmaShares', '7.2', '7.3'), [false, true])
  t.strictSame(
    changed('cmaWholeShares', '5.10', '5.15', '6.1', '6.6', '6.11', '6.12', '6.18', '7.0'),
    [true, true, true, true, false, true, false, true],
    'series of long life have it too',
  )
})
