import t from 'tap'
import { parseUntil, untilHolds } from '../../../src/model/telemetry/until-expression.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('an expression says which counter of which pool is compared with what', async (t) => {
  t.strictSame(parseUntil('2M.available>=512'), {
    text: '2M.available>=512',
    size: 2n * M,
    counter: 'available',
    comparison: '>=',
    limit: { pages: 512n },
  })
  t.strictSame(parseUntil('1G@12.IN-USE < 8g'), {
    text: '1G@12.IN-USE < 8g',
    size: G,
    node: 12,
    counter: 'inUse',
    comparison: '<',
    limit: { bytes: 8n * G },
  })
  t.strictSame(parseUntil('default.memory==0').limit, { bytes: 0n })
  t.strictSame(parseUntil('default.Memory==4096').counter, 'total')
  t.strictSame(parseUntil('2M.free!=9223372036854775807').limit, { pages: 2n ** 63n - 1n })
})

const forms = /^an expression is written as 2M\.available>=512/

t.test('nothing else is one', async (t) => {
  for (const text of [
    '',
    '2M',
    '2M.available',
    '2M.available=512',
    '2M.available>=',
    '2M.available>=512 ',
    ' 2M.available>=512',
    '2M.available=>512',
    '2M.available>==512',
    '.available>=512',
    '2M.>=512',
    '2M@.free>=1',
    '2M@0@1.free>=1',
    '2M.total.free>1',
    '2M.free>1>0',
  ])
    t.throws(
      () => parseUntil(text),
      { code: 'E_USAGE', message: `'${text}' is not an expression`, hint: forms },
      text,
    )
  for (const word of ['1x', '010', '-1', '+1', '1.5', '9223372036854775808', '8E'])
    t.throws(
      () => parseUntil(`2M.free>${word}`),
      { code: 'E_USAGE', message: `'${word}' is neither a number nor an amount`, hint: forms },
      word,
    )
  t.throws(() => parseUntil('0.free>1'), { code: 'E_USAGE', message: "'0' is not a page size" })
  t.throws(() => parseUntil('2M@x.free>1'), { code: 'E_USAGE', message: "'x' is not a node" })
})

t.test('a column that does not count, or not on a node', async (t) => {
  t.throws(() => parseUntil('2M.node>1'), {
    code: 'E_USAGE',
    message: "'node' is no column that counts",
    hint: 'those that count are total, persistent, free, reserved, available, in-use, surplus, overcommit, memory',
  })
  t.throws(() => parseUntil('2M.availabel>1'), {
    message: "'availabel' is no column that counts",
    hint: 'did you mean available?',
  })
  for (const column of ['reserved', 'available', 'overcommit'])
    t.throws(() => parseUntil(`2M@0.${column.toUpperCase()}>1`), {
      code: 'E_USAGE',
      message: `'2M@0.${column.toUpperCase()}>1': the kernel counts ${column} pages of a whole pool only`,
    })
})

const look = lookAt(0, [seenPool({ free: 60n, reserved: 10n, nodes: [nodePart(1, 40n, 30n)] })])
const holds = (text: string): boolean => untilHolds(parseUntil(text), look)

t.test('every comparison, below, at and above the count', async (t) => {
  const table: Readonly<Record<string, readonly boolean[]>> = {
    '<=': [false, true, true],
    '>=': [true, true, false],
    '==': [false, true, false],
    '!=': [true, false, true],
    '<': [false, false, true],
    '>': [true, false, false],
  }
  for (const [comparison, expected] of Object.entries(table))
    t.strictSame(
      [49, 50, 51].map((limit) => holds(`2M.available${comparison}${limit}`)),
      expected,
      comparison,
    )
})

t.test('every column, of a pool and of a node', async (t) => {
  for (const truth of [
    'total==100',
    'persistent==100',
    'free==60',
    'reserved==10',
    'in-use==40',
    'surplus==0',
    'overcommit==0',
    'memory==200M',
    'free==120M',
    'memory==209715200',
  ]) {
    t.ok(holds(`2M.${truth}`), truth)
    t.ok(holds(`default.${truth}`), truth)
  }
  for (const truth of ['total==40', 'persistent==40', 'free==30', 'in-use==10', 'memory==80M'])
    t.ok(holds(`2M@1.${truth}`), truth)
})

t.test('of what is not known nothing is true', async (t) => {
  const { free, ...rest } = seenPool()
  for (const comparison of ['==0', '!=0', '<1', '>=0']) {
    t.notOk(untilHolds(parseUntil(`2M.free${comparison}`), lookAt(0, [rest])))
    t.notOk(holds(`1G.free${comparison}`))
    t.notOk(untilHolds(parseUntil(`2M@3.free${comparison}`), { ...look, nodes: [1, 3] }))
  }
})

t.test('a node that does not exist', async (t) => {
  t.throws(() => holds('2M@0.free>1'), {
    code: 'E_UNSUPPORTED',
    reason: 'no-node',
    message: 'there is no node 0 here',
  })
})
