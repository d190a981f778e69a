import { formatSize, type PageSize } from '../../words/page-size.ts'
import { numbers, oneOf, type SettingKind, type TunedSetting } from './setting-kind.ts'

const transparent = 'a kernel with CONFIG_TRANSPARENT_HUGEPAGE'

export const thpDirectory = '/sys/kernel/mm/transparent_hugepage'

const largestUnsigned = 2n ** 32n - 1n

/**
 * The kernel takes one less than the base pages of a huge page at most (HPAGE_PMD_NR - 1 of
 * mm/khugepaged.c).
 */
const pagesOfOne: TunedSetting['limit'] = {
  most: ({ thpSize, basePage }) => thpSize && thpSize / basePage - 1n,
  why: 'one less than the base pages of a huge page',
  upTo: 'one less than the base pages of a huge page, as 511 where they are 4K and 2M',
}

const basePages = numbers(0n, largestUnsigned, 'base pages')
const milliseconds = numbers(0n, largestUnsigned, 'ms')

const khugepaged = (
  name: string,
  file: string,
  accepts: SettingKind,
  what: string,
  needs = transparent,
): TunedSetting => ({
  key: `khugepaged-${name}`,
  path: `${thpDirectory}/khugepaged/${file}`,
  accepts,
  what,
  needs,
  ...(file.startsWith('max_ptes') && { limit: pagesOfOne }),
})

/** Settings of transparent huge pages, of whatever size they are. */
export const thpSettings: readonly TunedSetting[] = [
  {
    key: 'thp',
    path: `${thpDirectory}/enabled`,
    accepts: oneOf('always', 'madvise', 'never'),
    what: 'THP of programs',
    needs: transparent,
  },
  {
    key: 'thp-defrag',
    path: `${thpDirectory}/defrag`,
    accepts: oneOf('always', 'defer', 'defer+madvise', 'madvise', 'never'),
    what: 'stalls for a THP',
    needs: transparent,
  },
  {
    key: 'thp-shmem',
    path: `${thpDirectory}/shmem_enabled`,
    accepts: oneOf('always', 'within_size', 'advise', 'never', 'deny', 'force'),
    what: 'THP of shared memory',
    needs: `${transparent} and CONFIG_SHMEM`,
  },
  khugepaged('defrag', 'defrag', { kind: 'switch' }, 'compacts for a THP'),
  khugepaged(
    'pages',
    'pages_to_scan',
    numbers(1n, largestUnsigned, 'base pages'),
    'base pages per scan',
  ),
  khugepaged('scan-sleep', 'scan_sleep_millisecs', milliseconds, 'ms between scans'),
  khugepaged('alloc-sleep', 'alloc_sleep_millisecs', milliseconds, 'ms after failures'),
  khugepaged('none', 'max_ptes_none', basePages, 'empty pages filled'),
  khugepaged('swap', 'max_ptes_swap', basePages, 'pages read from swap'),
  khugepaged(
    'shared',
    'max_ptes_shared',
    basePages,
    'pages copied',
    'Linux 5.8 or later with CONFIG_TRANSPARENT_HUGEPAGE',
  ),
]

/**
 * Makes the setting of one size of transparent huge pages (mm/huge_memory.c). Machines differ in
 * these sizes.
 */
export const sizedSetting = (size: PageSize): TunedSetting => ({
  key: `thp.${formatSize(size)}`,
  path: `${thpDirectory}/hugepages-${size / 1024n}kB/enabled`,
  accepts: oneOf('always', 'inherit', 'madvise', 'never'),
  what: `THP of ${formatSize(size)}`,
  needs: 'Linux 6.8 or later with THP of this size',
})
