import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import type { ConfigItem } from '../../../../src/model/config/config-item.ts'
import type { FoundWriter } from '../../../../src/model/config/writers/writer.ts'
import type { KnownStart } from '../../../../src/model/doctor/findings/known-machine.ts'
import {
  configurationWrong,
  persistedNotThere,
  thereNotPersisted,
} from '../../../../src/model/doctor/findings/start-findings.ts'
import type { Pool } from '../../../../src/model/pools/machine.ts'
import { onNode } from '../../../helpers/healthy-machine.ts'
import {
  configurationOf,
  configuredPool,
  knownPools,
  poolOf,
  startOf,
} from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const known = (start: Partial<KnownStart>, pools: readonly Partial<Pool>[] = [{}]) =>
  knownPools(pools.map(poolOf), { start: startOf(start) })

t.test('a start of which nothing is known', async (t) => {
  const unseen = knownPools([poolOf()])
  t.strictSame(
    [configurationWrong, persistedNotThere, thereNotPersisted].map((find) => find(unseen)),
    [[], [], []],
  )
})

t.test('a configuration that cannot be read', async (t) => {
  const words = 'hugepool.toml:1:3: no key\nhugepool.toml:2:1: no value'
  const error = new HugepoolError('E_CONFIG', 'wrong-words', words)
  t.strictSame(configurationWrong(known({})), [])
  t.strictSame(configurationWrong(known({ error })), [
    {
      level: 'problem',
      what: 'the configuration cannot be read: hugepool.toml:1:3: no key',
      hints: ["'hugepool check --syntax' shows all that is wrong with it"],
    },
  ])
})

/** Pages of which there are half as many as are wanted, which is a failure. */
const item: ConfigItem = {
  attribute: 'persistent',
  size: 2n * M,
  key: 'pools.2M.pages',
  wanted: 200n,
  found: 100n,
  state: 'drift',
  essential: true,
  lacks: true,
}

const lackOf = (of: Partial<ConfigItem>) =>
  persistedNotThere(known({ items: [{ ...item, ...of }] }))
const moreOf = (of: Partial<ConfigItem>) =>
  thereNotPersisted(known({ items: [{ ...item, ...of }], isPartial: true }))
const amiss = (level: string, hints = ["'hugepool check' says how it differs"]) => [
  { level, what: '2M: is not as wanted', hints },
]
const inessential = { essential: false }

t.test('what a configuration wants and is not there', async (t) => {
  t.strictSame(lackOf({}), amiss('problem'))
  t.strictSame(lackOf({ planned: false }), amiss('problem'))
  t.strictSame(
    lackOf({ planned: true, hints: ['free memory', 'or ask for less'], why: 'has 100 of 200' }),
    [
      {
        level: 'problem',
        what: '2M: has 100 of 200',
        hints: ["'hugepool apply' makes it so", 'free memory', 'or ask for less'],
      },
    ],
  )
  t.strictSame(lackOf({ state: 'missing' }), amiss('problem'))
  t.strictSame(lackOf({ state: 'short' }), amiss('problem'))
  t.strictSame(lackOf({ ...inessential, state: 'short' }), amiss('warning'))
  t.strictSame(lackOf({ ...inessential, lacks: false }), amiss('warning'))
  t.strictSame(lackOf(inessential), [], 'it lacks what is not essential')
  t.strictSame(lackOf({ state: 'ok' }), [])
  t.strictSame(lackOf({ state: 'next-boot' }), [])
  t.strictSame(lackOf({ state: 'unknown' }), [], 'it is not seen')
})

t.test('of what there is more, that is not lacking', async (t) => {
  const more = { wanted: 100n, found: 101n }
  t.strictSame([lackOf(more), moreOf(more)], [[], amiss('warning')])
  t.strictSame([lackOf({ ...more, state: 'short' }), moreOf(inessential)], [[], []])
  const overcommit = { ...more, attribute: 'overcommit' } as const
  const ofOvercommit = [
    {
      level: 'warning',
      what: '2M overcommit: is not as wanted',
      hints: ["'hugepool check' says how it differs"],
    },
  ]
  t.strictSame([lackOf(overcommit), moreOf(overcommit)], [[], ofOvercommit])
  const same = { wanted: 100n, found: 100n }
  t.strictSame([lackOf(same), moreOf(same)], [amiss('problem'), []])
  const size = { ...more, attribute: 'cma' } as const
  t.strictSame([lackOf(size), moreOf(size)], [amiss('problem'), []])
  const wantsWords = { ...more, wanted: '100' }
  t.strictSame([lackOf(wantsWords), moreOf(wantsWords)], [amiss('problem'), []])
  const hasWords = { ...more, found: '101' }
  t.strictSame([lackOf(hasWords), moreOf(hasWords)], [amiss('problem'), []])
  t.strictSame(moreOf({ ...more, state: 'ok' }), [])
  t.strictSame(moreOf({ ...more, ...inessential }), [], 'what is not essential may be lacking')
  t.strictSame(moreOf({ ...more, planned: true, hints: ['wait'] }), [
    ...amiss('warning', ["'hugepool apply' makes it so", 'wait']),
  ])
})

const file = '/etc/sysctl.d/90-huge.conf'

const writer = (value: string | undefined, of: Partial<FoundWriter> = {}): FoundWriter => ({
  source: 'sysctl',
  what: { attribute: 'persistent', size: 2n * M },
  file,
  ...(value !== undefined && { value }),
  ...of,
})

/** A place of which cannot be told what it does. */
const unclear = (path: string): FoundWriter => ({ source: 'cron', file: path })

const fewerOf = (
  written: readonly FoundWriter[],
  pool: Partial<Pool> = {},
  start: Partial<KnownStart> = {},
) => persistedNotThere(known({ written, ...start }, [{ size: G, total: 1n, free: 1n }, pool]))

const isLess = (what: string, resize: string) => ({
  level: 'problem',
  what,
  hints: [`'hugepool resize ${resize}' says what is in the way`],
})

t.test('what others make at a start and is not there', async (t) => {
  t.strictSame(fewerOf([writer('100')]), [])
  t.strictSame(fewerOf([writer('101', { line: 3 })]), [
    isLess(`2M: ${file}:3 sets 101 pages, and there are 100`, '2M=101'),
  ])
  t.strictSame(fewerOf([writer('100')], { surplus: 1n }), [
    isLess(`2M: ${file} sets 100 pages, and there are 99`, '2M=100'),
  ])
  const large = { attribute: 'persistent', size: G } as const
  t.strictSame(fewerOf([writer('1')], { total: 0n, free: 0n }), [
    isLess(`2M: ${file} sets 1 page, and there are 0`, '2M=1'),
  ])
  t.strictSame(fewerOf([writer('2', { what: large }), unclear('/etc/crontab'), writer('200')]), [
    isLess(`1G: ${file} sets 2 pages, and there is 1`, '1G=2'),
    isLess(`2M: ${file} sets 200 pages, and there are 100`, '2M=200'),
  ])
})

t.test('the last one wins, on each node', async (t) => {
  const onOne = { what: { attribute: 'persistent', size: 2n * M, node: 1 } } as const
  const nodes = [onNode(0, 60n, 60n), onNode(1, 40n, 40n)]
  t.strictSame(fewerOf([writer('200'), writer('100')]), [])
  t.strictSame(fewerOf([writer('100'), writer('200', { file: '/b' })]), [
    isLess('2M: /b sets 200 pages, and there are 100', '2M=200'),
  ])
  t.strictSame(fewerOf([writer('40', onOne)], { nodes }), [])
  t.strictSame(fewerOf([writer('41', onOne), writer('101')], { nodes }), [
    isLess(`2M on node 1: ${file} sets 41 pages, and there are 40`, '2M=1:41'),
    isLess(`2M: ${file} sets 101 pages, and there are 100`, '2M=101'),
  ])
})

const four = { kind: 'pages', sign: '', pages: 4n } as const
const pages = { counts: four, atLeast: false }

t.test('what is written and says nothing of lacking pages', async (t) => {
  t.strictSame(fewerOf([writer(undefined), writer('0x200')]), [])
  t.strictSame(fewerOf([writer('200M')]), [])
  t.strictSame(fewerOf([writer('+200')]), [])
  t.strictSame(fewerOf([writer('200', { what: { attribute: 'overcommit', size: 2n * M } })]), [])
  t.strictSame(fewerOf([writer('200', { what: { attribute: 'shm-group' } })]), [])
  t.strictSame(fewerOf([writer('200', { what: { attribute: 'persistent', size: 4n * M } })]), [])
  const managed = { configuration: configurationOf([configuredPool({ pages })]) }
  t.strictSame(fewerOf([writer('200')], {}, managed), [], 'the configuration says how many')
  const both = [configuredPool({ size: G }), configuredPool({ pages })]
  t.strictSame(fewerOf([writer('200')], {}, { configuration: configurationOf(both) }), [])
  const others = [configuredPool(), configuredPool({ size: G, pages })]
  const elsewhere = { configuration: configurationOf(others) }
  t.equal(fewerOf([writer('200')], {}, elsewhere).length, 1)
})

const unmade = (start: Partial<KnownStart>, pools?: readonly Partial<Pool>[]) =>
  thereNotPersisted(known(start, pools))

const unmadeFinding = (level: string, pages: string, maker: string, resize: string) => ({
  level,
  what: `${pages} there, and ${maker} at the next start`,
  hints: [`'hugepool resize ${resize} --persist' has them made`],
})

t.test('pages that nothing makes at a start', async (t) => {
  const nothing = 'nothing makes them'
  const finding = unmadeFinding('warning', '100 pages of 2M are', nothing, '2M=100')
  const one = { size: G, total: 2n, surplus: 1n }
  const none = { size: 16n * G, total: 1n, surplus: 1n }
  t.strictSame(unmade({}), [finding])
  t.strictSame(unmade({}, [{}, one, none]), [
    finding,
    unmadeFinding('warning', '1 page of 1G is', nothing, '1G=1'),
  ])
  t.strictSame(unmade({ isPartial: true }), [], 'what could not be read may make them')
  t.strictSame(unmade({ written: [writer('1')] }), [])
  t.strictSame(unmade({ written: [writer('1', { what: { attribute: 'persistent', size: G } })] }), [
    finding,
  ])
  const overcommit = { attribute: 'overcommit', size: 2n * M } as const
  t.strictSame(unmade({ written: [writer('1', { what: overcommit })] }), [finding])
  t.strictSame(unmade({ configuration: configurationOf([configuredPool({ pages })]) }), [])
  t.strictSame(unmade({ configuration: configurationOf([configuredPool()]) }), [finding])
})

t.test('pages that something unclear may make', async (t) => {
  const faultOf = (places: string) => [
    unmadeFinding('note', '100 pages of 2M are', `only ${places} may make them`, '2M=100'),
  ]
  const large = writer('1', { what: { attribute: 'persistent', size: G } })
  t.strictSame(unmade({ written: [unclear('/a'), large, unclear('/a')] }), faultOf('/a'))
  const around = { ...writer('1', { path: '/proc/sys/vm/min_free_kbytes', file: '/e' }) }
  const { what: _, ...ofSetting } = around
  t.strictSame(unmade({ written: [ofSetting] }), [
    unmadeFinding('warning', '100 pages of 2M are', 'nothing makes them', '2M=100'),
  ])
  const written = ['/a', '/b', '/c', '/d'].map(unclear)
  t.strictSame(unmade({ written }), faultOf('/a, /b, /c and 1 more'))
})
