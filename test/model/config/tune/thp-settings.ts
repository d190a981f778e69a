import t from 'tap'
import { sizedSetting, thpSettings } from '../../../../src/model/config/tune/thp-settings.ts'

const thp = 'a kernel with CONFIG_TRANSPARENT_HUGEPAGE'
const any = { kind: 'number', least: 0n, most: 2n ** 32n - 1n }
const pages = { ...any, counts: 'base pages' }
const time = { ...any, counts: 'ms' }

t.test('what each can be, is, and needs', async (t) => {
  t.strictSame(
    thpSettings.map(({ key, accepts, what, needs }) => [key, accepts, what, needs]),
    [
      ['thp', { kind: 'choice', choices: ['always', 'madvise', 'never'] }, 'THP of programs', thp],
      [
        'thp-defrag',
        { kind: 'choice', choices: ['always', 'defer', 'defer+madvise', 'madvise', 'never'] },
        'stalls for a THP',
        thp,
      ],
      [
        'thp-shmem',
        { kind: 'choice', choices: ['always', 'within_size', 'advise', 'never', 'deny', 'force'] },
        'THP of shared memory',
        `${thp} and CONFIG_SHMEM`,
      ],
      ['khugepaged-defrag', { kind: 'switch' }, 'compacts for a THP', thp],
      ['khugepaged-pages', { ...pages, least: 1n }, 'base pages per scan', thp],
      ['khugepaged-scan-sleep', time, 'ms between scans', thp],
      ['khugepaged-alloc-sleep', time, 'ms after failures', thp],
      ['khugepaged-none', pages, 'empty pages filled', thp],
      ['khugepaged-swap', pages, 'pages read from swap', thp],
      [
        'khugepaged-shared',
        pages,
        'pages copied',
        'Linux 5.8 or later with CONFIG_TRANSPARENT_HUGEPAGE',
      ],
    ],
  )
  const { accepts, needs } = sizedSetting(65536n)
  t.strictSame(accepts, { kind: 'choice', choices: ['always', 'inherit', 'madvise', 'never'] })
  t.equal(needs, 'Linux 6.8 or later with THP of this size')
})

t.test('one less than the base pages of a huge page, where the kernel tells it', async (t) => {
  const limited = thpSettings.filter(({ limit }) => limit !== undefined)
  t.strictSame(
    limited.map(({ key }) => key),
    ['khugepaged-none', 'khugepaged-swap', 'khugepaged-shared'],
  )
  const [first] = limited
  t.equal(first?.limit?.most({ pools: [], basePage: 4096n }), undefined)
  t.equal(first?.limit?.most({ pools: [], basePage: 4096n, thpSize: 2n ** 21n }), 511n)
  t.equal(first?.limit?.most({ pools: [], basePage: 65536n, thpSize: 2n ** 29n }), 8191n)
  t.strictSame(
    [first?.limit?.why, first?.limit?.upTo],
    [
      'one less than the base pages of a huge page',
      'one less than the base pages of a huge page, as 511 where they are 4K and 2M',
    ],
  )
})
