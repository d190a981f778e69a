import t from 'tap'
import { HugepoolError } from '../../../../src/errors.ts'
import { parseTuneWords } from '../../../../src/model/config/tune/tune-request.ts'

const asked = (...words: readonly string[]): unknown => {
  try {
    const told = parseTuneWords(words)
    return told.do === 'show'
      ? told.settings.map(({ key, path }) => `${key} ${path}`)
      : told.requests.map(({ setting, value }) => [setting.key, value])
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return [error.code, error.message, error.hint]
  }
}

t.test('settings to be shown', async (t) => {
  t.strictSame(asked(), [])
  t.strictSame(asked('shmmax', 'thp.64kB'), [
    'shmmax /proc/sys/kernel/shmmax',
    'thp.64K /sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled',
  ])
})

t.test('values to be set, up to the first equals sign', async (t) => {
  t.strictSame(asked('thp=never', 'shm-group=a=b'), [
    ['thp', { as: 'value', value: 'never' }],
    ['shm-group', { as: 'group', word: 'a=b' }],
  ])
})

t.test('wrong words', async (t) => {
  const all =
    'the settings are shm-group, shmmax, shmall, shmmni, min-free, overcommit-memory, ' +
    'compaction-proactiveness, zone-reclaim, free-vmemmap, movable-gigantic, thp, thp-defrag, ' +
    'thp-shmem, khugepaged-defrag, khugepaged-pages, khugepaged-scan-sleep, ' +
    'khugepaged-alloc-sleep, khugepaged-none, khugepaged-swap, khugepaged-shared and thp.SIZE'
  for (const [words, message, hint] of [
    [['nothing'], "'nothing' is no setting", all],
    [['=1'], "'' is no setting", all],
    [['tph'], "'tph' is no setting", 'did you mean thp?'],
    [['min_free=64M'], "'min_free' is no setting", 'did you mean min-free?'],
    [['thp.default'], "'thp.default' is no setting", 'thp. stands before a size: thp.64K'],
    [
      ['thp.x'],
      "'x' is not a page size",
      'a page size is written as 2M, 1G, 2048kB, 2097152 or default',
    ],
    [['thp', 'thp'], 'thp is named twice', undefined],
    [['thp.64K=never', 'thp.64kB=always'], 'thp.64K is named twice', undefined],
    [
      ['thp=never', 'shmmax'],
      "'shmmax' has no value",
      'write KEY=VALUE to set, or KEY alone to look',
    ],
  ] as const)
    t.strictSame(asked(...words), ['E_USAGE', message, hint], words.join(' '))
})
