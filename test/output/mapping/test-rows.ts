import t from 'tap'
import type { Frame, FrameRun } from '../../../src/model/mapping/frames.ts'
import {
  type MappingReading,
  readingOf,
  type StepKind,
} from '../../../src/model/mapping/mapping-reading.ts'
import type { CellStyle } from '../../../src/output/columns.ts'
import {
  frameHeadings,
  frameRows,
  readingRows,
  testColumns,
} from '../../../src/output/mapping/test-rows.ts'
import { alignedText } from '../../../src/output/table.ts'
import { textRows } from '../../../src/output/text-rows.ts'
import { small } from '../../helpers/mapping-plan.ts'
import { stepsOn } from '../../helpers/mapping-result.ts'
import * as fc from '../../helpers/property.ts'

const names = testColumns.map(({ name }) => name)
const human: CellStyle = { bytes: false, raw: false }

const gridFor = (steps: readonly MappingReading[], style = human) =>
  textRows({ columns: testColumns, rows: readingRows(steps) }, names, style)

const table = (grid: ReturnType<typeof textRows>): string =>
  alignedText([grid.headings.map((text) => ({ text })), ...grid.rows], grid.aligns)

t.test('the pool after each step, and what each of several nodes has of it', async (t) => {
  t.equal(
    table(gridFor(stepsOn(2).slice(0, 3))),
    `STEP     PAGES  NODE  TOTAL  FREE  RESERVED  SURPLUS  CHANGE             WHAT
start        0   all     10    10         0        0  -                  10 available
start        0     0      6     6         -        0  -                  -
start        0     1      4     4         -        0  -                  -
mapped       0   all     10    10         4        0  reserved+4         reserved 4 of 10 available
mapped       0     0      6     6         -        0  -                  -
mapped       0     1      4     4         -        0  -                  -
touched      4   all     10     6         0        0  free-4,reserved-4  4 pages faulted in: 3 on node 0, 1 on node 1
touched      4     0      6     3         -        0  free-3             -
touched      4     1      4     3         -        0  free-1             -`,
  )
})

t.test('a single node, or none, has nothing to add', async (t) => {
  for (const count of [0, 1])
    t.strictSame(
      gridFor(stepsOn(count)).rows.map((row) => row.map(({ text }) => text).slice(0, 4)),
      [
        ['start', '0', 'all', '10'],
        ['mapped', '0', 'all', '10'],
        ['touched', '4', 'all', '10'],
        ['unmapped', '4', 'all', '10'],
      ],
    )
})

t.test('every step has a name of its own', async (t) => {
  const kinds: Readonly<Record<StepKind, string>> = {
    start: 'start',
    create: 'created',
    open: 'opened',
    map: 'mapped',
    share: 'shared',
    touch: 'touched',
    fork: 'forked',
    hold: 'held',
    unmap: 'unmapped',
    delete: 'deleted',
  }
  for (const [kind, name] of Object.entries(kinds)) {
    const step = readingOf(kind as StepKind, 0n, undefined, small, 'words')
    t.equal(gridFor([step]).rows[0]?.[0]?.text, name)
  }
})

t.test('what the kernel does not count is no 0', async (t) => {
  const { reserved, ...unknown } = small
  const step = readingOf('start', 0n, undefined, { ...unknown, nodes: [] }, 'words')
  const at = names.indexOf('RESERVED')
  t.equal(gridFor([step]).rows[0]?.[at]?.text, '-')
  t.equal(reserved, 0n)
  const wrapped = readingOf('start', 0n, undefined, { ...small, reserved: -2n, nodes: [] }, 'words')
  t.equal(gridFor([wrapped]).rows[0]?.[at]?.text, '-2')
})

t.test('a script can split a line at blanks', async (t) => {
  for (const row of gridFor(stepsOn(2), { bytes: true, raw: true }).rows)
    t.notOk(row.some(({ text }) => text === '' || text.includes(' ')))
})

t.test('what a path is called does not speak to the terminal', async (t) => {
  const words = 'the file /mnt/a\nb\t\u001b[31mgr\u00f6\u00dfe \u202egpj\u0085'
  const reading = readingOf('open', 0n, undefined, { ...small, nodes: [] }, words)
  const table = 'the file /mnt/a\\012b\\011\\033[31mgr\u00f6\u00dfe \\342\\200\\256gpj\\302\\205'
  const what = (style: CellStyle) => gridFor([reading], style).rows[0]?.at(-1)?.text
  t.equal(what(human), table)
  t.equal(what({ bytes: true, raw: true }), table.replaceAll(' ', '\\040'))
})

t.test('every column says what it is', async (t) => {
  t.equal(new Set(names).size, names.length)
  for (const { name, help } of testColumns) t.ok(help.length > 0, name)
})

const amount = fc.bigInt({ min: -40n, max: 40n })
const counters = fc.record({ total: amount, free: amount, reserved: amount, surplus: amount })

t.test('property: a change has the sign and the number of what moved, and no other', async () => {
  const at = names.indexOf('CHANGE')
  fc.assert(
    fc.property(counters, counters, (a, b) => {
      const [before, after] = [a, b].map((one) => ({ ...small, ...one, nodes: [] }))
      if (before === undefined || after === undefined) return false
      const text = gridFor([readingOf('touch', 0n, before, after, 'words')]).rows[0]?.[at]?.text
      const moved = (['total', 'free', 'reserved', 'surplus'] as const)
        .map((name) => [name, after[name] - before[name]] as const)
        .filter(([, pages]) => pages !== 0n)
      if (moved.length === 0) return text === '-'
      const said = (text ?? '').split(',').map((word) => /^([a-z]+)([-+]\d+)$/.exec(word))
      return (
        said.length === moved.length &&
        said.every((word, index) => {
          const [name, pages] = moved[index] ?? []
          return word?.[1] === name && BigInt(word?.[2]?.replace('+', '') ?? 0) === pages
        })
      )
    }),
  )
})

const size = 2n ** 21n

const frameAt = (page: bigint, frame?: bigint, node?: number): Frame => ({
  page,
  address: 0x7f0000000000n + page * size,
  ...(frame !== undefined && { frame }),
  ...(node !== undefined && { node }),
})

const framesTable = (frames: readonly Frame[], runs?: readonly FrameRun[]) =>
  table(textRows(frameRows(frames, runs), frameHeadings, human))

t.test('pages with the run that each belongs to', async (t) => {
  const frames = [
    frameAt(0n, 0x200n, 0),
    frameAt(1n, 0x400n, 0),
    frameAt(2n, 0x10a00n, 1),
    frameAt(3n, 0x10c00n, 1),
    frameAt(4n, 0x800n, 0),
  ]
  const runs = [
    { page: 0n, pages: 2n },
    { page: 2n, pages: 2n },
    { page: 4n, pages: 1n },
  ]
  t.equal(
    framesTable(frames, runs),
    `PAGE  ADDRESS         FRAME    NODE  RUN
   0  0x7f0000000000  0x200       0    1
   1  0x7f0000200000  0x400       0    1
   2  0x7f0000400000  0x10a00     1    2
   3  0x7f0000600000  0x10c00     1    2
   4  0x7f0000800000  0x800       0    3`,
  )
})

t.test('frames and nodes that cannot be seen', async (t) => {
  t.equal(
    framesTable([frameAt(0n, undefined, 1), frameAt(7n)]),
    `PAGE  ADDRESS         FRAME  NODE  RUN
   0  0x7f0000000000  -         1    -
   7  0x7f0000e00000  -         -    -`,
  )
  t.equal(framesTable([]), 'PAGE  ADDRESS  FRAME  NODE  RUN')
})
