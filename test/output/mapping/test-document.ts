import t from 'tap'
import type { MappingResult } from '../../../src/model/mapping/mapping-result.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { testDocument } from '../../../src/output/mapping/test-document.ts'
import { testSchema } from '../../../src/output/schemas/test-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { planOf, small } from '../../helpers/mapping-plan.ts'
import { resultOf, stepsOn } from '../../helpers/mapping-result.ts'

const textOf = (rest: Partial<MappingResult> = {}): string =>
  jsonText({ version: 1, ...testDocument(resultOf(rest)) })

/** The document as a reader has it, of which its schema has nothing to say. */
const documentOf = (rest: Partial<MappingResult> = {}) => testSchema.parse(parseExact(textOf(rest)))

t.test('a document, key by key', async (t) => {
  t.equal(
    textOf({ readings: stepsOn(2).slice(1, 3) }),
    [
      '{"version":1,"outcome":"done","pageSize":2097152,"pages":4,"via":"anon","sharing":"private",',
      '"steps":[{"step":"map","pages":0,"total":10,"free":10,"reserved":4,"surplus":0,',
      '"change":{"total":0,"free":0,"reserved":4,"surplus":0},"nodes":[',
      '{"node":0,"total":6,"free":6,"surplus":0,"change":{"total":0,"free":0,"surplus":0}},',
      '{"node":1,"total":4,"free":4,"surplus":0,"change":{"total":0,"free":0,"surplus":0}}],',
      '"what":"reserved 4 of 10 available"},',
      '{"step":"touch","pages":4,"total":10,"free":6,"reserved":0,"surplus":0,',
      '"change":{"total":0,"free":-4,"reserved":-4,"surplus":0},"nodes":[',
      '{"node":0,"total":6,"free":3,"surplus":0,"change":{"total":0,"free":-3,"surplus":0}},',
      '{"node":1,"total":4,"free":3,"surplus":0,"change":{"total":0,"free":-1,"surplus":0}}],',
      '"what":"4 pages faulted in: 3 on node 0, 1 on node 1"}],',
      '"placement":[{"node":0,"pages":3},{"node":1,"pages":1}]}',
    ].join(''),
  )
})

t.test('what there was none of is absent, and not null and not 0', async (t) => {
  const absent = ['path', 'frames', 'runs', 'contiguousRuns', 'touch', 'verified', 'signal']
  const document = documentOf()
  for (const key of [...absent, 'processes', 'failure', 'advice', 'error'])
    t.notOk(key in document, key)
  t.notOk('change' in (document.steps[0] ?? {}), 'there is no step before the first')
  t.notMatch(textOf(), 'null')
  const { reserved, ...unknown } = small
  const [first] = stepsOn(0)
  const readings = first ? [{ ...first, pool: { ...unknown, nodes: [] } }] : []
  const [step] = documentOf({ readings, placed: [] }).steps
  t.notOk(step && ('reserved' in step || 'nodes' in step), 'a kernel that does not count them')
  t.equal(reserved, 0n)
})

t.test('a single node is told as well: scripts need no rule for it', async (t) => {
  for (const { nodes } of documentOf({ readings: stepsOn(1) }).steps)
    t.match(nodes, [{ node: 0, total: 6n }])
})

t.test('reservations may be below zero', async (t) => {
  const [first] = stepsOn(2)
  const readings = first ? [{ ...first, pool: { ...small, reserved: -2n } }] : []
  t.equal(documentOf({ readings }).steps[0]?.reserved, -2n)
})

const touching = { pages: 4n, seconds: 0.5, threads: 2 }

t.test('how fast pages came', async (t) => {
  const touch = (rest: Partial<NonNullable<MappingResult['touching']>>) =>
    documentOf({ touching: { ...touching, ...rest } }).touch
  t.strictSame(touch({}), {
    pages: 4n,
    seconds: 0.5,
    threads: 2n,
    pagesPerSecond: 8n,
    bytesPerSecond: 16777216n,
  })
  t.strictSame(touch({ seconds: 0.12345678901 })?.seconds, 0.123457)
  t.strictSame(touch({ seconds: 3 })?.seconds, 3n)
  t.match(touch({ seconds: 8 }), { pagesPerSecond: 0.5, bytesPerSecond: 1048576n })
  t.match(touch({ populated: 16n }), { pages: 4n, pagesPerSecond: 32n })
  t.strictSame(touch({ isDevice: true }), { pages: 4n, seconds: 0.5, threads: 2n })
  t.notMatch(textOf({ touching: { ...touching, seconds: 1.4e-7 } }), /\de/, 'no exponents')
})

t.test('frames and runs', async (t) => {
  const frames = [
    { page: 0n, address: 0x7f0000000000n, frame: 2n ** 54n, node: 1 },
    { page: 3n, address: 0x7f0000600000n },
  ]
  const runs = [
    { page: 0n, pages: 1n },
    { page: 3n, pages: 1n },
  ]
  t.hasStrict(documentOf({ frames, runs }), {
    frames: [
      { page: 0n, address: '0x7f0000000000', pfn: 2n ** 54n, node: 1 },
      { page: 3n, address: '0x7f0000600000' },
    ],
    runs: 2n,
    contiguousRuns: runs,
  })
  const hidden = documentOf({ frames })
  t.notOk('runs' in hidden || 'contiguousRuns' in hidden)
  t.equal(hidden.frames?.[1] && 'pfn' in hidden.frames[1], false)
})

t.test('what was verified, by whom, what failed and what ended it', async (t) => {
  const participants = [
    { pid: 7, touched: 2n, verified: 4n },
    { pid: 8, touched: 2n, verified: 3n },
  ]
  const failure = {
    page: 3n,
    errno: 'SIGBUS',
    reason: 'short',
    why: 'for a reason',
    advice: ['first'],
  } as const
  t.hasStrict(
    documentOf({
      plan: planOf('2M=4', { path: '/mnt/huge/file', processes: 2 }),
      outcome: 'partial',
      verified: 3n,
      processes: participants,
      failure,
      signal: 'SIGTERM',
      advice: ['first', 'then'],
    }),
    {
      outcome: 'partial',
      via: 'file',
      sharing: 'shared',
      path: '/mnt/huge/file',
      verified: 3n,
      processes: participants,
      failure: { page: 3n, errno: 'SIGBUS', reason: 'short', why: 'for a reason' },
      signal: 'SIGTERM',
      advice: ['first', 'then'],
    },
  )
  const { page, ...whole } = failure
  t.equal(documentOf({ failure: whole }).failure?.page, undefined)
  t.equal(page, 3n)
  t.notOk('advice' in (documentOf({ failure }).failure ?? {}), 'it is there once')
})

t.test('every step has a word', async (t) => {
  const [first] = stepsOn(2)
  for (const kind of [
    'start',
    'create',
    'open',
    'map',
    'share',
    'touch',
    'hold',
    'unmap',
    'delete',
  ] as const)
    t.equal(documentOf({ readings: first ? [{ ...first, kind }] : [] }).steps[0]?.step, kind)
})

t.test('the schema would notice a key too many and a step without words', async (t) => {
  const good = documentOf()
  t.throws(() => testSchema.parse({ ...good, more: 1n }))
  t.throws(() => testSchema.parse({ ...good, outcome: 'unchanged' }))
  t.throws(() => documentOf({ readings: [] }))
  t.throws(() => documentOf({ readings: stepsOn(2).map((step) => ({ ...step, words: '' })) }))
})
