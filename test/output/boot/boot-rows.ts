import t from 'tap'
import {
  type BootPoolRow,
  type BootRow,
  bootColumns,
  bootPoolColumns,
} from '../../../src/output/boot/boot-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { M } from '../../helpers/sizes.ts'

const style = { bytes: false, raw: false }

const word = { text: 'hugepages=4', at: 6, name: 'hugepages', value: '4' }

t.test('a word, and a line as a whole', async (t) => {
  const rows: readonly BootRow[] = [
    { word, means: '4 pages', result: 'used', why: 'so' },
    { word, means: '4 pages', result: 'ignored', message: 'no', why: 'so', instead: 'x' },
    { result: 'differs', kernels: { from: [6, 1], to: [6, 7] }, why: '0 pages' },
  ]
  const names = bootColumns.map(({ name }) => name)
  t.strictSame(textRows({ columns: bootColumns, rows }, names, style).rows, [
    ['7', 'hugepages=4', '4 pages', 'used', 'so', '-', '-'].map((text) => ({ text })),
    [
      ...['7', 'hugepages=4', '4 pages'].map((text) => ({ text })),
      { text: 'ignored', tone: 'wrong' },
      ...['no', 'x', '-'].map((text) => ({ text })),
    ],
    [
      ...['-', '-', '-'].map((text) => ({ text })),
      { text: 'differs', tone: 'wrong' },
      ...['0 pages', '-', '6.1 to 6.7'].map((text) => ({ text })),
    ],
  ])
})

t.test('pools that are as predicted, that are not, and that are not known', async (t) => {
  const pool = { size: 2n * M, isDefault: true, predicted: 4n }
  const rows: readonly BootPoolRow[] = [
    { ...pool, found: 4n },
    { ...pool, node: 1, isDefault: false, found: 3n },
    pool,
  ]
  const names = bootPoolColumns.map(({ name }) => name)
  t.strictSame(textRows({ columns: bootPoolColumns, rows }, names, style).rows, [
    ['2M', '-', '*', '4', '4'].map((text) => ({ text })),
    [...['2M', '1', '-', '4'].map((text) => ({ text })), { text: '3', tone: 'wrong' }],
    ['2M', '-', '*', '4', '-'].map((text) => ({ text })),
  ])
})
