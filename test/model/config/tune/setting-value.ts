import fc from 'fast-check'
import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import type { TunedSetting } from '../../../../src/model/config/tune/setting-kind.ts'
import {
  choicesIn,
  fileValue,
  parseSettingValue,
  settingText,
  valueInFile,
  valueWritten,
} from '../../../../src/model/config/tune/setting-value.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'
import { fixedSettings } from '../../../../src/model/config/tune/tuned-settings.ts'

const named = parseSettingKey

/** What a word comes to: the value, or the words of the refusal. */
const read = (key: string, text: string): unknown => {
  try {
    return parseSettingValue(named(key), text)
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return [error.code, error.reason, error.message, error.hint]
  }
}

const value = (is: bigint | string) => ({ as: 'value', value: is })

t.test('what can be typed', async (t) => {
  const largest = 2n ** 64n - 1n
  for (const [key, text, expected] of [
    ['shm-group', 'oracle', { as: 'group', word: 'oracle' }],
    ['shm-group', '7', { as: 'group', word: '7' }],
    ['shmmax', '1G', value(2n ** 30n)],
    ['shmmax', '0', value(0n)],
    ['shmmax', 'max', value(largest - 2n ** 24n)],
    ['shmmax', `${largest}`, value(largest)],
    ['shmall', '512', value(512n)],
    ['shmall', 'max', value(largest - 2n ** 24n)],
    ['shmall', '8M', { as: 'memory', bytes: 2n ** 23n }],
    ['min-free', '1M', value(2n ** 20n)],
    ['min-free', '69206016', value(69206016n)],
    ['overcommit-memory', '2', value(2n)],
    ['thp', 'madvise', value('madvise')],
    ['thp-defrag', 'defer+madvise', value('defer+madvise')],
    ['thp.64K', 'inherit', value('inherit')],
    ['free-vmemmap', '1', value(1n)],
    ['khugepaged-pages', '4294967295', value(2n ** 32n - 1n)],
  ] as const)
    t.strictSame(read(key, text), expected, `${key}=${text}`)
})

const refusal = (message: string, hint?: string, reason = 'wrong-words') => [
  'E_USAGE',
  reason,
  message,
  hint,
]

t.test('what cannot', async (t) => {
  for (const [key, text, ...expected] of [
    ['shm-group', '', "'' is no value of shm-group", 'a group is given by name or number'],
    ['shm-group', 'a\0', "'a\0' is no value of shm-group", 'a group is given by name or number'],
    [
      'shmmax',
      '1.5G',
      "'1.5G' is no value of shmmax",
      'an amount of memory, as in 64M or 1G, or max',
    ],
    ['shmmax', '8E', "'8E' is no value of shmmax: it is too large"],
    [
      'shmmax',
      `${2n ** 64n}`,
      `'${2n ** 64n}' is no value of shmmax: the most is 18446744073709551615`,
    ],
    [
      'shmall',
      '+5',
      "'+5' is no value of shmall",
      'a number of base pages, or an amount of memory as in 64G, or max',
    ],
    ['min-free', '67584', "'67584' is no value of min-free: the least is 1M"],
    [
      'min-free',
      'max',
      "'max' is no value of min-free",
      'an amount of memory, as in 64M or 1G, up to a quarter of the memory',
    ],
    [
      'khugepaged-none',
      'x',
      "'x' is no value of khugepaged-none",
      'a number from 0 to one less than the base pages of a huge page, as 511 where they are 4K and 2M',
    ],
    [
      'khugepaged-swap',
      '4294967296',
      "'4294967296' is no value of khugepaged-swap: the most is one less than the base pages of a huge page, as 511 where they are 4K and 2M",
    ],
    [
      'shmmni',
      'x',
      "'x' is no value of shmmni",
      'a number from 0 to 32768, or 16777216 with ipcmni_extend on the kernel command line',
    ],
    ['overcommit-memory', '3', "'3' is no value of overcommit-memory: the most is 2"],
    ['overcommit-memory', '1K', "'1K' is no value of overcommit-memory", 'a number from 0 to 2'],
    [
      'compaction-proactiveness',
      '101',
      "'101' is no value of compaction-proactiveness: the most is 100",
    ],
    ['khugepaged-pages', '0', "'0' is no value of khugepaged-pages: the least is 1"],
    [
      'khugepaged-pages',
      '010',
      "'010' is no value of khugepaged-pages",
      'a number from 1 to 4294967295',
    ],
    ['thp', 'Always', "'Always' is no value of thp", 'one of always, madvise, never'],
    ['free-vmemmap', '2', "'2' is no value of free-vmemmap", '0 or 1'],
  ] as const)
    t.strictSame(read(key, text), refusal(expected[0], expected[1]), `${key}=${text}`)
  t.strictSame(
    read('min-free', '2097153'),
    refusal('min-free: 2097153 is no whole number of 1K', '2M and 2049K are', 'not-whole'),
  )
})

t.test('what is in a file', async (t) => {
  for (const [key, text, expected] of [
    ['thp', 'always [madvise] never\n', 'madvise'],
    ['thp', 'never\n', 'never'],
    ['thp', 'always never\n', undefined],
    ['min-free', '67584\n', 67584n * 1024n],
    ['shmall', '18446744073692774399\n', 2n ** 64n - 2n ** 24n - 1n],
    ['shm-group', '0\n', 0n],
    ['shm-group', '-1\n', undefined],
    ['overcommit-memory', 'x\n', undefined],
    ['overcommit-memory', '1 # by hand\n', undefined],
  ] as const)
    t.strictSame(valueInFile(named(key), text), expected, `${key}: ${text}`)
  t.strictSame(choicesIn('always [defer+madvise] never\n'), ['always', 'defer+madvise', 'never'])
  t.strictSame(choicesIn('never\n'), undefined)
})

t.test('what a file of a start writes', async (t) => {
  t.strictSame(valueWritten(named('thp'), 'never'), 'never')
  t.strictSame(valueWritten(named('thp'), '[never]'), undefined)
  t.strictSame(valueWritten(named('min-free'), '1024'), 2n ** 20n)
  t.strictSame(valueWritten(named('min-free'), '0x10'), undefined)
})

t.test('what is written', async (t) => {
  t.equal(fileValue(named('min-free'), 2n ** 20n), '1024')
  t.equal(fileValue(named('shmmax'), 2n ** 20n), '1048576')
  t.equal(fileValue(named('thp'), 'never'), 'never')
  t.equal(settingText(named('min-free'), 66n * 2n ** 20n), '66M')
  t.equal(settingText(named('shmall'), 2n ** 20n), '1048576')
  t.equal(settingText(named('shmmax'), 2n ** 64n - 2n ** 24n - 1n), 'max')
  t.equal(settingText(named('shmmni'), 4096n), '4096')
  t.equal(settingText(named('free-vmemmap'), 1n), '1')
})

/** Any value that a setting can have. */
const anyValue = ({ accepts }: TunedSetting): fc.Arbitrary<bigint | string> => {
  if (accepts.kind === 'group') return fc.bigInt({ min: 0n, max: 2n ** 32n - 2n })
  if (accepts.kind === 'switch') return fc.bigInt({ min: 0n, max: 1n })
  if (accepts.kind === 'choice') return fc.constantFrom(...accepts.choices)
  const { least, most, unit = 1n, max } = accepts
  const any = fc.bigInt({ min: least / unit, max: most / unit }).map((count) => count * unit)
  return max === undefined ? any : fc.oneof(any, fc.constant(max))
}

const anySetting = fc.constantFrom(...fixedSettings, named('thp.64K'))

t.test(
  'property: what is shown of a value can be typed, and is written and read as it is',
  async (t) => {
    fc.assert(
      fc.property(
        anySetting.chain((setting) => anyValue(setting).map((one) => [setting, one] as const)),
        ([setting, one]) => {
          const typed = parseSettingValue(setting, settingText(setting, one))
          const meant =
            typed.as === 'group' ? BigInt(typed.word) : typed.as === 'value' && typed.value
          t.equal(meant, one, setting.key)
          t.equal(valueWritten(setting, fileValue(setting, one)), one)
          t.equal(valueInFile(setting, `${fileValue(setting, one)}\n`), one)
        },
      ),
    )
  },
)
