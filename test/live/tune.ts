import { readFileSync, writeFileSync } from 'node:fs'
import { settingsSchema, tuneSchema } from '../../src/output/schemas/tune-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { atEnd, liveOn } from './support/live.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepool, hugepoolJson, inOwnMounts } from './support/program.ts'

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const asUser = liveOn('room', 'processes: users')

const settings = async () => (await hugepoolJson(settingsSchema, 'tune')).document.settings

type Setting = Awaited<ReturnType<typeof settings>>[number]

const textOf = ({ path }: Pick<Setting, 'path'>): string => readFileSync(path, 'utf8')

/** What a file such as `always [madvise] never` is set to. */
const written = (text: string): string => /\[(\S+)\]/.exec(text)?.[1] ?? text.trim()

/** Has a file be as it is now at the end of the test. */
const keep = (setting: Setting): void => {
  const before = textOf(setting)
  atEnd(() => {
    if (textOf(setting) !== before) writeFileSync(setting.path, written(before))
  })
}

const mebibyte = 2n ** 20n

/** Another value that a setting can have without harm, as it is typed. */
const another = ({ kind, value, choices = [] }: Setting): string | undefined => {
  if (typeof value === 'string')
    return choices.find((word) => word !== value && /^(?:madvise|advise|never)$/.test(word))
  if (value === undefined) return undefined
  if (kind === 'switch') return value === 0n ? '1' : '0'
  if (kind === 'bytes') return value < 2n ** 62n ? `${value + mebibyte}` : '64G'
  if (kind === 'pages') return value === 2n ** 40n ? 'max' : `${2n ** 40n}`
  return value === 0n ? '1' : `${value - 1n}`
}

live('every setting is as its file says, and one that is named tells of itself', async (t) => {
  const all = await settings()
  t.ok(all.length >= 20, `${all.length}`)
  for (const { kind, path, value, key } of all.filter((each) => each.value !== undefined)) {
    const text = written(textOf({ path }))
    const factor = key === 'min-free' ? 1024n : 1n
    t.equal(
      kind === 'choice' ? value : BigInt(value ?? 0) / factor,
      kind === 'choice' ? text : BigInt(text),
      key,
    )
  }
  const { document } = await hugepoolJson(settingsSchema, 'tune', 'shm-group')
  t.strictSame(
    document.settings.map(({ key }) => key),
    ['shm-group'],
  )
})

/** khugepaged changes what is kept free when THP is switched, so that this comes last. */
const inOrder = (all: readonly Setting[]): readonly Setting[] =>
  all.toSorted((one, other) => Number(one.key === 'min-free') - Number(other.key === 'min-free'))

live('every setting is set and put back, and read back both times', async (t) => {
  const asked = inOrder(await settings()).flatMap((setting) => {
    const value = another(setting)
    return value === undefined ? [] : [{ setting, word: `${setting.key}=${value}` }]
  })
  const texts = () => asked.map(({ setting }) => `${setting.key}: ${textOf(setting)}`)
  const before = texts()
  for (const { setting } of asked) keep(setting)
  const words = asked.map(({ word }) => word)
  const dry = await hugepool('tune', ...words, '--dry-run')
  t.strictSame(
    dry.out
      .trim()
      .split('\n')
      .map((line) => line.replace(/^echo \S+ > /, '')),
    asked.map(({ setting }) => setting.path),
  )
  t.strictSame(texts(), before, 'a dry run writes nothing')
  const set = await hugepoolJson(tuneSchema, 'tune', ...words)
  t.strictSame([set.status, set.document.outcome], [0, 'done'], set.err)
  for (const [at, text] of texts().entries()) t.not(text, before[at], text)
  const back = set.document.changes.map((change) => `${change.key}=${change.before}`)
  const { status, document, err } = await hugepoolJson(tuneSchema, 'tune', ...back)
  t.strictSame([status, document.outcome], [0, 'done'], err)
  t.strictSame(texts(), before, 'as they were')
})

live('what is shown is what can be typed', async (t) => {
  const { out } = await hugepool('tune', '-nr', '-o', 'KEY,VALUE')
  const words = out
    .trim()
    .split('\n')
    .filter((row) => !row.endsWith(' -'))
  const { status, document } = await hugepoolJson(
    tuneSchema,
    'tune',
    ...words.map((row) => row.replace(' ', '=')),
  )
  t.strictSame([status, document.outcome], [0, 'unchanged'])
})

/** Settings whose largest value is the kernel's own, of which it refuses one more. */
const bounded = [
  'shmmni',
  'compaction-proactiveness',
  'overcommit-memory',
  'khugepaged-none',
  'khugepaged-swap',
  'khugepaged-shared',
]

live('the kernel takes the most that is told, and no more', async (t) => {
  const told = (await settings()).filter(
    ({ key, value }) => bounded.includes(key) && value !== undefined,
  )
  t.ok(told.length > 0)
  for (const setting of told) {
    const { key, path, most = 0n } = setting
    keep(setting)
    const before = textOf(setting)
    writeFileSync(path, `${most}`)
    t.equal(written(textOf(setting)), `${most}`, `${key}=${most}`)
    t.throws(() => writeFileSync(path, `${most + 1n}`), { code: 'EINVAL' }, `${key}=${most + 1n}`)
    // With the most of overcommit-memory a machine in use has no memory for another program.
    writeFileSync(path, written(before))
    const { status, err } = await hugepool('tune', `${key}=${most + 1n}`)
    t.equal(status === 1 || status === 2, true, err)
    t.equal(textOf(setting), before, `${key} is as it was`)
  }
})

live('what is kept is written below /etc, and nothing else is', async (t) => {
  const script = 'mount -t tmpfs none /etc; mkdir /etc/sysctl.d /etc/tmpfiles.d'
  const { status, out } = await inOwnMounts(
    script,
    'tune',
    'shmmni=4096',
    '--persist=only',
    '--json',
  )
  const { document } = { document: tuneSchema.parse(parseExact(out)) }
  t.equal(status, 0)
  t.strictSame(document.persisted?.files, [
    {
      path: '/etc/sysctl.d/90-hugepool.conf',
      outcome: 'done',
      keys: [{ key: 'shmmni', value: '4096' }],
    },
  ])
})

asUser('without privilege settings are shown, and not set', async (t) => {
  const directory = readableCopy()
  const { status, err } = await asNobody(directory, 'tune', '-nr')
  t.strictSame([status, err], [0, ''])
  const denied = await asNobody(directory, 'tune', 'shm-group=7')
  t.strictSame(denied, {
    ...denied,
    status: 3,
    out: '',
    err: 'hugepool: /proc/sys/vm/hugetlb_shm_group: permission denied\nhint: run it as root\n',
  })
})
