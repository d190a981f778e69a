import t from 'tap'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import type { TuneRow } from '../../../src/output/config/tune-rows.ts'
import { changeNames, tuneColumns } from '../../../src/output/config/tune-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'

const names = tuneColumns.map(({ name }) => name)
const cells = (row: TuneRow, bytes = false) =>
  textRows({ columns: tuneColumns, rows: [row] }, names, { bytes, raw: false }).rows[0]?.map(
    ({ text }) => text,
  )

const minFree: TuneRow = {
  setting: parseSettingKey('min-free'),
  value: 2n ** 26n,
  recommended: { value: 2n ** 27n, why: 'so' },
  most: 2n ** 32n,
  persisted: { file: '/f', line: 2, text: '1024', value: 2n ** 20n },
  change: { before: 2n ** 25n, requested: 2n ** 26n, outcome: 'done' },
}

t.test('every cell', async (t) => {
  const rest = ['/f:2', '/proc/sys/vm/min_free_kbytes', 'a mounted /proc']
  t.strictSame(cells(minFree), [
    ...['min-free', '64M', '128M', '1M', 'memory kept free'],
    ...['32M', '64M', '64M', 'done', 'so', 'memory, 1M to 4G, in whole 1K'],
    ...rest,
  ])
  t.strictSame(cells(minFree, true), [
    ...['min-free', '67108864', '134217728', '1048576', 'memory kept free'],
    ...['33554432', '67108864', '67108864', 'done', 'so', 'memory, 1M to 4G, in whole 1K'],
    ...rest,
  ])
  t.strictSame(cells({ setting: parseSettingKey('movable-gigantic') }), [
    ...['movable-gigantic', '-', '-', '-', '1G in ZONE_MOVABLE', '-', '-', '-', '-', '-'],
    ...[
      '0 or 1',
      '-',
      '/proc/sys/vm/movable_gigantic_pages',
      'Linux 7.0 or later with gigantic pages',
    ],
  ])
})

t.test('a group by its name, as far as it is that of the number', async (t) => {
  const setting = parseSettingKey('shm-group')
  const at = { file: '/f', line: 1 }
  const row = { setting, value: 70n, group: 'db', persisted: { ...at, text: '70', value: 70n } }
  t.strictSame(cells(row)?.slice(1, 4), ['db', '-', 'db'])
  t.strictSame(cells({ ...row, persisted: { ...at, text: '5', value: 5n } })?.slice(1, 4), [
    'db',
    '-',
    '5',
  ])
  t.strictSame(cells({ ...row, persisted: { ...at, text: 'x' } })?.[3], 'x')
  t.equal(cells(row)?.[7], '70', 'AFTER has the number')
})

t.test('what has no limit', async (t) => {
  const setting = parseSettingKey('shmmax')
  t.equal(cells({ setting, value: 2n ** 64n - 2n ** 24n - 1n }, true)?.[1], 'max')
})

t.test('the columns of a call that sets', async (t) => {
  const usual = ['KEY', 'VALUE', 'RECOMMENDED', 'PERSISTED', 'WHAT']
  const change = ['KEY', 'BEFORE', 'REQUESTED', 'AFTER', 'OUTCOME']
  t.strictSame(changeNames(usual), change)
  t.strictSame(changeNames([...usual, 'FILE']), [...change, 'FILE'])
  t.strictSame(changeNames(['KEY', 'VALUE']), ['KEY', 'VALUE'])
  t.strictSame(changeNames(['OUTCOME']), ['OUTCOME'])
})

t.test('what fell short has a colour', async (t) => {
  const tones = (['done', 'unchanged', 'partial'] as const).map((outcome) =>
    tuneColumns
      .find(({ name }) => name === 'OUTCOME')
      ?.tone?.({ ...minFree, change: { before: 1n, requested: 1n, outcome } }),
  )
  t.strictSame(tones, [undefined, undefined, 'wrong'])
})
