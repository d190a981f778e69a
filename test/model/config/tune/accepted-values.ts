import t from 'tap'
import { acceptedValues } from '../../../../src/model/config/tune/accepted-values.ts'
import { numbers } from '../../../../src/model/config/tune/setting-kind.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'
import { settingsFor } from '../../../../src/model/config/tune/tuned-settings.ts'
import { G, M } from '../../../helpers/sizes.ts'

const accepted = (key: string, found: { choices?: readonly string[]; most?: bigint } = {}) =>
  acceptedValues({ setting: parseSettingKey(key), ...found })

t.test('every setting, on a machine that is not known', async (t) => {
  t.strictSame(
    Object.fromEntries(
      settingsFor([65536n]).map((setting) => [setting.key, acceptedValues({ setting }).text]),
    ),
    {
      'shm-group': 'a group by name or number',
      shmmax: 'memory, 0 or more, or max',
      shmall: 'base pages or as much memory, 0 or more, or max',
      shmmni: '0 to 16777216',
      'min-free': 'memory, 1M to 2147483647K, in whole 1K',
      'overcommit-memory': '0 to 2',
      'compaction-proactiveness': '0 to 100 %',
      'zone-reclaim': '0 to 7',
      'free-vmemmap': '0 or 1',
      'movable-gigantic': '0 or 1',
      thp: 'always, madvise, never',
      'thp-defrag': 'always, defer, defer+madvise, madvise, never',
      'thp-shmem': 'always, within_size, advise, never, deny, force',
      'khugepaged-defrag': '0 or 1',
      'khugepaged-pages': '1 to 4294967295 base pages',
      'khugepaged-scan-sleep': '0 to 4294967295 ms',
      'khugepaged-alloc-sleep': '0 to 4294967295 ms',
      'khugepaged-none': '0 to 4294967295 base pages',
      'khugepaged-swap': '0 to 4294967295 base pages',
      'khugepaged-shared': '0 to 4294967295 base pages',
      'thp.64K': 'always, inherit, madvise, never',
    },
  )
})

t.test('what a machine has of it', async (t) => {
  t.strictSame(accepted('thp-defrag', { choices: ['always', 'never'] }), { text: 'always, never' })
  t.strictSame(accepted('khugepaged-none', { most: 511n }), {
    text: '0 to 511 base pages',
    bounds: { least: 0n, most: 511n },
  })
  t.strictSame(
    accepted('min-free', { most: 4n * G + 1023n }),
    { text: 'memory, 1M to 4G, in whole 1K', bounds: { least: M, most: 4n * G } },
    'a bound that can be typed',
  )
  t.strictSame(accepted('shmmax').bounds, { least: 0n, most: 2n ** 64n - 1n })
  t.equal(accepted('shm-group').bounds, undefined)
})

t.test('a machine that allows more than the kind does not widen it', async (t) => {
  const setting = { ...parseSettingKey('shmmni'), accepts: numbers(1n, 5n) }
  const bounds = (most: bigint) => acceptedValues({ setting, most }).bounds?.most
  t.strictSame([4n, 5n, 6n].map(bounds), [4n, 5n, 5n])
})
