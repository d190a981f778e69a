import t from 'tap'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { configChangeColumns, itemColumns } from '../../../src/output/config/item-rows.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { G, M } from '../../helpers/sizes.ts'

const style = { bytes: false, raw: false }
const item: ConfigItem = {
  attribute: 'persistent',
  size: 2n * M,
  node: 1,
  key: 'pools.2M.pages',
  wanted: 512n,
  atLeast: true,
  found: 480n,
  state: 'short',
  why: 'too few',
  possible: 500n,
  essential: true,
}
const options = { options: [{ option: 'pagesize', text: '2M' }] }

const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name)

t.test('an item', async (t) => {
  const position = { file: '/etc/hugepool.toml', line: 7, key: 'pools.2M.pages' }
  const rows = [
    { item, position },
    {
      item: {
        attribute: 'demote-size',
        size: G,
        key: 'x',
        wanted: { bytes: 2n * M },
        found: { bytes: 2n * M },
        state: 'ok',
        essential: true,
      },
      position: { file: 'standard input', key: 'x' },
    },
    {
      item: {
        attribute: 'mount',
        target: '/mnt/a',
        key: 'y',
        wanted: options,
        state: 'next-boot',
        essential: true,
      },
    },
  ] as const
  const shown = textRows({ columns: itemColumns, rows }, names(itemColumns), style)
  t.strictSame(
    shown.rows.map((row) => row.map(({ text }) => text)),
    [
      [
        '2M on node 1',
        '>=512',
        '480',
        'short',
        'too few',
        '500',
        'pools.2M.pages',
        '/etc/hugepool.toml:7',
      ],
      ['1G demote-size', '2M', '2M', 'ok', '-', '-', 'x', 'standard input'],
      ['/mnt/a', 'pagesize=2M', '-', 'next-boot', '-', '-', 'y', '-'],
    ],
  )
  t.strictSame(
    shown.rows.map((row) => row[3]?.tone),
    ['wrong', undefined, undefined],
  )
})

t.test('a change', async (t) => {
  const named = { attribute: 'overcommit', size: G, key: 'k', essential: true } as const
  const rows = [
    { ...named, before: 1n, requested: 8n, after: 4n, outcome: 'partial' },
    { ...named, attribute: 'mount', target: '/mnt/a', requested: options, after: options },
    { ...named, requested: 8n, atLeast: true, before: 9n, after: 9n, outcome: 'unchanged' },
  ] as const
  const shown = textRows({ columns: configChangeColumns, rows }, names(configChangeColumns), style)
  t.strictSame(
    shown.rows.map((row) => row.map(({ text }) => text)),
    [
      ['1G overcommit', '1', '8', '4', 'partial', 'k'],
      ['1G', '-', 'pagesize=2M', 'pagesize=2M', '-', 'k'],
      ['1G overcommit', '9', '>=8', '9', 'unchanged', 'k'],
    ],
  )
  t.strictSame(
    shown.rows.map((row) => row[4]?.tone),
    ['wrong', undefined, undefined],
  )
})
