import t from 'tap'
import { newWatch, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { plain } from '../../../src/output/colour.ts'
import { framedHolders, framedPools } from '../../../src/output/telemetry/frame-tables.ts'
import { lookAt, seenPool } from '../../helpers/pool-look.ts'
import { M } from '../../helpers/sizes.ts'

const format = { json: false, raw: false, bytes: false, headings: true, columns: [] }
const style = { columns: 80, rows: 3, format, paint: plain }
const unlooked = newWatch({ interval: 2000, perNode: false, showsHolders: true })
const holds = [1n, 2n, 3n, 4n, 5n].map((pages) => ({
  kind: 'mapping' as const,
  size: 2n * M,
  pages,
}))
const state = withLook(unlooked, lookAt(0, [seenPool()], { holds }))

t.test('without rows there is no table, and no headings', async (t) => {
  t.strictSame(
    [await framedPools(unlooked, style, 0), await framedHolders(unlooked, style, 0)],
    [[], []],
  )
  t.strictSame([await framedPools(state, style, 1), await framedHolders(state, style, 5)], [[], []])
})

t.test('of many holders no more are laid out than the screen has lines', async (t) => {
  const pages = async (skip: number) =>
    (await framedHolders(state, style, skip)).slice(1).map((line) => line.trim().split(/ +/).at(-3))
  t.strictSame(
    [await pages(0), await pages(3)],
    [
      ['5', '4', '3'],
      ['2', '1'],
    ],
  )
})

t.test('a table as wide as the screen fits, one wider does not', async (t) => {
  const heading = async (columns: number) => (await framedPools(state, { ...style, columns }, 0))[0]
  const narrow = 'SIZE  AVAILABLE  IN-USE  CHANGE'
  t.strictSame([await heading(43), await heading(42)], [`${narrow}  USE`, narrow])
  t.strictSame(
    [await heading(31), await heading(30), await heading(20), await heading(19)],
    [narrow, 'SIZE  IN-USE  CHANGE', 'SIZE  IN-USE  CHANGE', 'SIZE  IN-USE'],
  )
  t.equal(await heading(5), 'SIZE  IN-USE', 'what is too wide is cut later')
})

t.test('a rate with more digits leaves the bars as long as they were', async (t) => {
  const after = (pages: bigint) =>
    withLook(state, lookAt(1000, [seenPool({ free: 100n - pages })], { holds }))
  const lengths = async (columns: number) =>
    Promise.all(
      [0n, 1n, 50n, 100n].map(async (pages) => {
        const lines = await framedPools(after(pages), { ...style, columns }, 0)
        t.match(lines[0], / RATE /)
        return /\[.*\]/.exec(lines[1] ?? '')?.[0].length
      }),
    )
  t.strictSame(await lengths(80), [16, 16, 16, 16])
  const long = lookAt(1000, [seenPool({ total: 99_999n, free: 0n })], { holds })
  const [, line = ''] = await framedPools(withLook(state, long), { ...style, columns: 120 }, 0)
  t.equal(line.length, 120, 'and with still more the line is no longer')
})

t.test('what was asked for is shown in its order, and no more of it', async (t) => {
  const chosen = ['USE', 'GROWTH', 'NODE', 'SIZE']
  t.strictSame(await framedPools(state, { ...style, columns: 40, chosen }, 0), [
    `USE${''.padEnd(23)}  GROWTH  SIZE`,
    `[${'.'.repeat(24)}]       -  2M`,
  ])
})

t.test('holders have all their columns from 60 on', async (t) => {
  const heading = async (columns: number) =>
    (await framedHolders(state, { ...style, columns }, 0))[0]?.split(/ +/).length
  t.strictSame([await heading(60), await heading(59)], [8, 4])
})
