import t from 'tap'
import { HugepoolError, usage } from '../../../../src/errors.ts'
import type { FoundSetting } from '../../../../src/model/config/tune/found-setting.ts'
import type { SettingValue } from '../../../../src/model/config/tune/setting-value.ts'
import type { TuneFacts } from '../../../../src/model/config/tune/tune-facts.ts'
import { planTuning } from '../../../../src/model/config/tune/tune-plan.ts'
import { parseTuneWords } from '../../../../src/model/config/tune/tune-request.ts'
import { G, M } from '../../../helpers/sizes.ts'

const facts: TuneFacts = { pools: [], basePage: 4096n, memory: 16n * G, thpSize: 2n * M }

const now: Readonly<Record<string, Omit<FoundSetting, 'setting'>>> = {
  'shm-group': { value: 0n },
  shmall: { value: 5n },
  'min-free': { value: 64n * M },
  thp: { value: 'madvise', choices: ['always', 'madvise', 'never'] },
  'thp-defrag': { value: 'madvise', choices: ['always', 'madvise', 'never'] },
  'khugepaged-none': { value: 511n },
  'khugepaged-shared': { value: 256n },
  'thp-shmem': { value: 'never' },
}

const findGroup = (word: string): bigint => {
  if (word !== 'db') throw usage(`no ${word}`)
  return 70n
}

const plan = (...words: readonly string[]): unknown => {
  const asked = parseTuneWords(words)
  if (asked.do !== 'set') throw new Error('nothing is set')
  try {
    const found = (setting: FoundSetting['setting']) => ({ setting, ...now[setting.key] })
    const { wanted, steps } = planTuning(asked.requests, found, facts, findGroup)
    return {
      wanted: wanted.map(({ setting, before, requested }): readonly SettingValue[] => [
        setting.key,
        before,
        requested,
      ]),
      writes: steps.map(({ path, value }) => `${path}=${value}`),
    }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return [error.code, error.reason, error.message, error.hint]
  }
}

t.test('writes are in the order of the words, without what is so already', async (t) => {
  t.strictSame(
    plan('thp=never', 'khugepaged-none=511', 'shm-group=db', 'min-free=128M', 'shmall=1M'),
    {
      wanted: [
        ['thp', 'madvise', 'never'],
        ['khugepaged-none', 511n, 511n],
        ['shm-group', 0n, 70n],
        ['min-free', 64n * M, 128n * M],
        ['shmall', 5n, 256n],
      ],
      writes: [
        '/sys/kernel/mm/transparent_hugepage/enabled=never',
        '/proc/sys/vm/hugetlb_shm_group=70',
        '/proc/sys/vm/min_free_kbytes=131072',
        '/proc/sys/kernel/shmall=256',
      ],
    },
  )
})

t.test('what cannot be on this machine', async (t) => {
  for (const [word, ...refusal] of [
    ['shm-group=nobody', 'E_USAGE', 'wrong-words', 'no nobody', undefined],
    [
      'shmmni=5',
      'E_UNSUPPORTED',
      'no-feature',
      'shmmni: there is no /proc/sys/kernel/shmmni',
      'it takes a kernel with CONFIG_SYSVIPC',
    ],
    [
      'thp-defrag=defer',
      'E_UNSUPPORTED',
      'no-feature',
      "thp-defrag: this kernel has no 'defer'",
      'it has always, madvise, never',
    ],
    [
      'min-free=5G',
      'E_REFUSED',
      'limit',
      'min-free: 5G is more than 4G, a quarter of the memory: programs would not find the rest',
      undefined,
    ],
    [
      'khugepaged-none=512',
      'E_REFUSED',
      'limit',
      'khugepaged-none: 512 is more than 511, one less than the base pages of a huge page',
      undefined,
    ],
    [
      'khugepaged-shared=512',
      'E_REFUSED',
      'limit',
      'khugepaged-shared: 512 is more than 511, one less than the base pages of a huge page',
      undefined,
    ],
    [
      'shmall=4097K',
      'E_USAGE',
      'not-whole',
      'shmall: 4195328 bytes are no whole number of base pages',
      '4194304 and 4198400 are',
    ],
  ] as const)
    t.strictSame(plan('thp=never', word), refusal, word)
})

t.test('the bounds themselves can be', async (t) => {
  t.strictSame(plan('min-free=4G'), {
    wanted: [['min-free', 64n * M, 4n * G]],
    writes: ['/proc/sys/vm/min_free_kbytes=4194304'],
  })
})

t.test('where a file does not tell the words that there are, any is asked for', async (t) => {
  t.strictSame(plan('thp-shmem=advise'), {
    wanted: [['thp-shmem', 'never', 'advise']],
    writes: ['/sys/kernel/mm/transparent_hugepage/shmem_enabled=advise'],
  })
})
