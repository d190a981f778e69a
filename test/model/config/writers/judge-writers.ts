import t from 'tap'
import type { Configuration, ConfiguredPool } from '../../../../src/model/config/configuration.ts'
import { isAdverse, judgeWriters } from '../../../../src/model/config/writers/judge-writers.ts'
import type { FoundWriter } from '../../../../src/model/config/writers/writer.ts'
import type { Count } from '../../../../src/model/words/count.ts'
import { G, M } from '../../../helpers/sizes.ts'

const pages = (count: bigint): Count => ({ kind: 'pages', sign: '', pages: count })
const usual = { size: 2n * M, essential: true, optional: false, boot: false }
const pool = (more: Partial<ConfiguredPool>): ConfiguredPool => ({ ...usual, ...more })
const whole = (count: bigint, atLeast = false) => ({ counts: pages(count), atLeast })
const onNodes = {
  counts: [
    { node: 0, count: pages(5n) },
    { node: 1, count: { kind: 'memory', sign: '', bytes: 4n * M } as Count },
  ],
  atLeast: false,
}

const persistent: FoundWriter = {
  source: 'tmpfiles',
  what: { attribute: 'persistent', size: 2n * M },
  value: '7',
  file: '/f',
  line: 1,
  when: 'after',
}
const onNode = (node: number, value: string): FoundWriter => ({
  ...persistent,
  what: { attribute: 'persistent', size: 2n * M, node },
  value,
})
const early: FoundWriter = { ...persistent, source: 'sysctl', when: 'before' }

const judged = (
  found: readonly FoundWriter[],
  configuration: Partial<Pick<Configuration, 'pools' | 'tune'>>,
  facts: Parameters<typeof judgeWriters>[2] = { applied: true },
) =>
  judgeWriters(found, { pools: [], tune: {}, ...configuration }, facts).map(({ wins, agrees }) => [
    wins,
    agrees,
  ])

const of = (pagesOf: ConfiguredPool['pages']) => ({
  pools: [pool(pagesOf === undefined ? {} : { pages: pagesOf })],
})

t.test('who agrees', async (t) => {
  const agrees = (writer: FoundWriter, pagesOf: ConfiguredPool['pages']) =>
    judged([writer], of(pagesOf))[0]?.[1]
  t.equal(agrees(persistent, whole(7n)), true)
  t.equal(agrees(persistent, whole(8n)), false)
  t.equal(agrees(persistent, whole(6n, true)), true)
  t.equal(agrees(persistent, whole(8n, true)), false)
  t.equal(agrees(persistent, onNodes), true, 'the sum of the nodes')
  t.equal(agrees(onNode(0, '5'), onNodes), true)
  t.equal(agrees(onNode(1, '3'), onNodes), false)
  t.equal(agrees(onNode(2, '0'), onNodes), true, 'a node that is not named has none')
  t.equal(agrees(onNode(0, '5'), whole(7n)), undefined)
  t.equal(agrees({ ...persistent, value: '0x7' }, whole(7n)), true)
  t.equal(agrees({ ...persistent, value: 'many' }, whole(7n)), undefined)
})

t.test('overcommit and the group', async (t) => {
  const overcommit: FoundWriter = {
    ...persistent,
    what: { attribute: 'overcommit', size: 2n * M },
  }
  t.strictSame(judged([overcommit], { pools: [pool({ overcommit: pages(7n) })] }), [[true, true]])
  t.strictSame(judged([overcommit], { pools: [pool({ overcommit: pages(8n) })] }), [[true, false]])
  const group: FoundWriter = { ...persistent, what: { attribute: 'shm-group' } }
  const tune = { tune: { shmGroup: 'x' } }
  t.strictSame(judged([group], tune, { applied: true, shmGroup: 7 }), [[true, true]])
  t.strictSame(judged([group], tune, { applied: true, shmGroup: 8 }), [[true, false]])
  t.strictSame(judged([group], tune), [[true, undefined]])
})

t.test('what the configuration does not manage is left out', async (t) => {
  t.strictSame(judged([persistent], {}), [])
  t.strictSame(judged([persistent], of(undefined)), [])
  t.strictSame(judged([persistent], { pools: [pool({ size: G, pages: whole(7n) })] }), [])
  const { what, ...unclear } = persistent
  t.strictSame(judged([unclear], of(whole(7n))), [[undefined, undefined]])
  t.strictSame(judged([unclear], {}), [])
  t.strictSame(judged([{ ...persistent, what: { attribute: 'shm-group' } }], of(whole(7n))), [])
})

t.test('who wins', async (t) => {
  const wins = (found: readonly FoundWriter[], applied = true) =>
    judged(found, of(whole(7n)), { applied }).map(([won]) => won)
  t.strictSame(wins([early]), [false])
  t.strictSame(wins([early, persistent]), [false, true])
  t.strictSame(wins([persistent, persistent]), [false, true])
  t.strictSame(wins([onNode(0, '5'), persistent]), [true, true])
  const { when, ...unordered } = persistent
  t.strictSame(wins([unordered]), [undefined])
  t.strictSame(wins([early, early], false), [false, true], 'without the service the last one')
  t.strictSame(wins([unordered], false), [true])
})

t.test('what keeps a configuration from being so', async (t) => {
  const writer = { ...persistent, wins: true, agrees: false }
  t.ok(isAdverse(writer))
  t.notOk(isAdverse({ ...writer, wins: false }))
  t.notOk(isAdverse({ ...writer, agrees: true }))
  t.notOk(isAdverse(persistent))
})
