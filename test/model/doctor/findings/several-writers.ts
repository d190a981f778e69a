import t from 'tap'
import { settingsFor } from '../../../../src/model/config/tune/tuned-settings.ts'
import type { FoundWriter, Writer } from '../../../../src/model/config/writers/writer.ts'
import type { KnownStart } from '../../../../src/model/doctor/findings/known-machine.ts'
import { severalWriters } from '../../../../src/model/doctor/findings/several-writers.ts'
import { knownPools, poolOf, startOf } from '../../../helpers/known-pools.ts'
import { G, M } from '../../../helpers/sizes.ts'

const known = (start: Partial<KnownStart>) => knownPools([poolOf()], { start: startOf(start) })

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

t.test('a start of which nothing is known', async (t) => {
  t.strictSame(severalWriters(knownPools([poolOf()])), [])
})

const quarrelOf = (what: string, places: number, each: string) => ({
  level: 'warning',
  what: `${what} is set by ${places} places at a start: ${each}; the last one wins`,
  hints: ["let one of them alone set it; 'hugepool export' writes a configuration to begin with"],
})

t.test('places that set the same to different values', async (t) => {
  const [a, b, c] = [
    writer('5', { line: 2 }),
    writer('6', { file: '/b' }),
    writer('5', { file: '/c' }),
  ]
  const large = { attribute: 'persistent', size: G } as const
  const quarrels = (...written: readonly FoundWriter[]) => severalWriters(known({ written }))
  t.strictSame(quarrels(a), [])
  t.strictSame(quarrels(a, c), [], 'they agree')
  t.strictSame(quarrels(a, unclear('/u'), b, c), [
    quarrelOf('2M', 3, `${file}:2 to 5, /b to 6, /c to 5`),
  ])
  const elsewhere = [
    { ...b, what: large },
    { ...b, what: { attribute: 'overcommit', size: 2n * M } as const },
    { ...b, what: { attribute: 'persistent', size: 2n * M, node: 0 } as const },
  ]
  t.strictSame(quarrels(a, ...elsewhere), [], 'each is about something else')
  t.strictSame(quarrels({ ...a, what: large }, b, { ...c, value: '7' }, { ...b, what: large }), [
    quarrelOf('1G', 2, `${file}:2 to 5, /b to 6`),
    quarrelOf('2M', 2, '/b to 6, /c to 7'),
  ])
})

t.test('places that contradict the configuration', async (t) => {
  const mine: Writer = { ...writer('5', { line: 2, when: 'after' }), wins: true, agrees: false }
  const written = [writer('5', { line: 2 }), writer('6', { file: '/b' })]
  const { agrees, ...untold } = mine
  const faultOf = (words: string, hints: readonly string[]) => [
    { level: 'warning', what: words, hints },
  ]
  t.strictSame(
    severalWriters(known({ writers: [mine], written })),
    faultOf(`${file}:2: systemd-sysctl sets 2M to 5, after hugepool, and wins`, [
      `remove the line from ${file}, or have it say the same`,
    ]),
    'what the configuration sets is told once',
  )
  t.strictSame(
    severalWriters(known({ writers: [{ ...mine, wins: false, when: 'before' }], written })),
    faultOf(`${file}:2: systemd-sysctl sets 2M to 5, before hugepool, which overrides it`, []),
  )
  t.strictSame(severalWriters(known({ writers: [{ ...mine, agrees: true }], written })), [])
  t.strictSame(severalWriters(known({ writers: [untold], written })), [], `not ${agrees}`)
  const others: readonly Writer[] = [
    { ...mine, agrees: true, what: { attribute: 'persistent', size: G } },
    unclear('/u'),
  ]
  t.strictSame(severalWriters(known({ writers: others, written })), [
    quarrelOf('2M', 2, `${file}:2 to 5, /b to 6`),
  ])
})

const minFree = '/proc/sys/vm/min_free_kbytes'

/** A place that sets a setting around the pools. */
const setter = (path: string, value: string, of: Partial<FoundWriter> = {}): FoundWriter => ({
  source: 'sysctl',
  path,
  value,
  file,
  line: 1,
  ...of,
})

const settingQuarrel = (key: string, places: number, each: string, end = 'the last one wins') => ({
  level: 'warning',
  what: `${key} is set by ${places} places at a start: ${each}; ${end}`,
  hints: [`let one of them alone set it; 'hugepool tune ${key}' shows what it is now`],
})

const found = (...written: readonly FoundWriter[]) => severalWriters(known({ written }))

t.test('each setting around the pools, by its key and in the words of its values', async (t) => {
  const b = { file: '/b', line: 2 }
  for (const { key, path, accepts } of settingsFor([65536n])) {
    const [one, other] = accepts.kind === 'choice' ? ['always', 'never'] : ['0', '1']
    const [first] = found(setter(path, one ?? ''), setter(path, other ?? '', b))
    t.match(first?.what, `${key} is set by 2 places at a start: ${file}:1 to `)
    t.strictSame(found(setter(path, one ?? ''), setter(path, one ?? '', b)), [], key)
  }
  t.strictSame(found(setter(minFree, '65536'), setter(minFree, '131072', b)), [
    settingQuarrel('min-free', 2, `${file}:1 to 64M, /b:2 to 128M`),
  ])
  t.strictSame(found(setter(minFree, '65536'), setter(minFree, 'x', b)), [
    settingQuarrel('min-free', 2, `${file}:1 to 64M, /b:2 to x`),
  ])
  t.strictSame(
    found(setter('/proc/sys/vm/swappiness', '1'), setter('/proc/sys/vm/swappiness', '2')),
    [],
  )
})

t.test('one finding for each setting, among pools and unclear places', async (t) => {
  const shmmax = '/proc/sys/kernel/shmmax'
  const late = { source: 'rc-local', file: '/etc/rc.local', line: 4 } as const
  t.strictSame(
    found(
      setter(shmmax, '1', { overridden: true, line: 3 }),
      writer('5'),
      setter(minFree, '1024'),
      setter(shmmax, '1073741824'),
      unclear('/u'),
      writer('6', late),
      setter(minFree, '2048', late),
      setter(shmmax, '2', late),
    ),
    [
      settingQuarrel('shmmax', 3, `${file}:3 to 1, ${file}:1 to 1G, /etc/rc.local:4 to 2`),
      quarrelOf('2M', 2, `${file} to 5, /etc/rc.local:4 to 6`),
      settingQuarrel('min-free', 2, `${file}:1 to 1M, /etc/rc.local:4 to 2M`),
    ],
  )
})

t.test('a file that is applied again counts where it is applied last', async (t) => {
  const profile = { source: 'tuned', file: '/t/tuned.conf', line: 3 } as const
  t.strictSame(
    found(
      setter(minFree, '1024'),
      setter(minFree, '2048', profile),
      setter(minFree, '1024', { source: 'tuned' }),
    ),
    [settingQuarrel('min-free', 2, `/t/tuned.conf:3 to 2M, ${file}:1 to 1M`)],
  )
})

t.test('a service that nothing orders may win or not', async (t) => {
  const unit = { source: 'unit', file: '/u.service', line: 7 } as const
  const each = `${file}:1 to 1M, /u.service:7 to 2M`
  const open = 'whether the last one wins is not known'
  const a = setter(minFree, '1024')
  const of = (when: Partial<FoundWriter>) => found(a, setter(minFree, '2048', { ...unit, ...when }))
  t.strictSame(of({}), [settingQuarrel('min-free', 2, each, open)])
  t.strictSame(of({ when: 'before' }), [settingQuarrel('min-free', 2, each, open)])
  t.strictSame(of({ when: 'after' }), [settingQuarrel('min-free', 2, each)])
  const last = setter(minFree, '1024', { source: 'cron', file: '/c' })
  t.strictSame(found(setter(minFree, '2048', unit), last), [
    settingQuarrel('min-free', 2, '/u.service:7 to 2M, /c:1 to 1M'),
  ])
})
