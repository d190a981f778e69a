import t from 'tap'
import {
  fixedSettings,
  pathOfSetting,
  settingAt,
  settingKeys,
  settingsFor,
} from '../../../../src/model/config/tune/tuned-settings.ts'

const vm = (name: string) => `/proc/sys/vm/${name}`
const thp = (name: string) => `/sys/kernel/mm/transparent_hugepage/${name}`

t.test('every setting has its own file, by the names of the kernel', async (t) => {
  t.strictSame(
    fixedSettings.map(({ key, path }) => [key, path]),
    [
      ['shm-group', vm('hugetlb_shm_group')],
      ['shmmax', '/proc/sys/kernel/shmmax'],
      ['shmall', '/proc/sys/kernel/shmall'],
      ['shmmni', '/proc/sys/kernel/shmmni'],
      ['min-free', vm('min_free_kbytes')],
      ['overcommit-memory', vm('overcommit_memory')],
      ['compaction-proactiveness', vm('compaction_proactiveness')],
      ['zone-reclaim', vm('zone_reclaim_mode')],
      ['free-vmemmap', vm('hugetlb_optimize_vmemmap')],
      ['movable-gigantic', vm('movable_gigantic_pages')],
      ['thp', thp('enabled')],
      ['thp-defrag', thp('defrag')],
      ['thp-shmem', thp('shmem_enabled')],
      ['khugepaged-defrag', thp('khugepaged/defrag')],
      ['khugepaged-pages', thp('khugepaged/pages_to_scan')],
      ['khugepaged-scan-sleep', thp('khugepaged/scan_sleep_millisecs')],
      ['khugepaged-alloc-sleep', thp('khugepaged/alloc_sleep_millisecs')],
      ['khugepaged-none', thp('khugepaged/max_ptes_none')],
      ['khugepaged-swap', thp('khugepaged/max_ptes_swap')],
      ['khugepaged-shared', thp('khugepaged/max_ptes_shared')],
    ],
  )
  t.strictSame(settingKeys.slice(0, 3), ['shm-group', 'shmmax', 'shmall'])
  t.equal(pathOfSetting('thp'), thp('enabled'))
  t.throws(() => pathOfSetting('nothing'), { message: 'no setting: nothing' })
})

t.test('sizes of transparent huge pages come after them', async (t) => {
  const all = settingsFor([65536n, 2n ** 21n])
  t.strictSame(all.slice(0, -2), fixedSettings)
  t.strictSame(
    all.slice(-2).map(({ key, path, what }) => [key, path, what]),
    [
      ['thp.64K', thp('hugepages-64kB/enabled'), 'THP of 64K'],
      ['thp.2M', thp('hugepages-2048kB/enabled'), 'THP of 2M'],
    ],
  )
})

t.test('a setting is found by its file', async (t) => {
  for (const setting of settingsFor([65536n]))
    t.equal(settingAt(setting.path)?.key, setting.key, setting.path)
  for (const path of [vm('swappiness'), thp('hugepages-64kB/stats'), thp('hugepages-kB/enabled')])
    t.equal(settingAt(path), undefined, path)
})
