import t from 'tap'
import { lines } from '../../helpers/on-fake.ts'
import { run } from '../../helpers/run.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

t.test('all settings of a machine', async (t) => {
  const { hugepool } = tunedStage(t)
  t.strictSame(await hugepool('tune'), {
    status: 0,
    stdout: lines(
      'KEY                         VALUE  RECOMMENDED  PERSISTED  WHAT',
      'shm-group                    root            -          -  may make SysV segments',
      'shmmax                        32M         128M          -  largest SysV segment',
      'shmall                        max          max          -  pages of all segments',
      'shmmni                       4096            -          -  number of segments',
      'min-free                      22M          66M          -  memory kept free',
      'overcommit-memory               0            -          -  promises of memory',
      'compaction-proactiveness       20            -          -  compaction, in %',
      'zone-reclaim                    0            -          -  reclaim on full nodes',
      'free-vmemmap                    0            -          -  frees page structs',
      'movable-gigantic                -            -          -  1G in ZONE_MOVABLE',
      'thp                       madvise            -          -  THP of programs',
      'thp-defrag                madvise            -          -  stalls for a THP',
      'thp-shmem                   never            -          -  THP of shared memory',
      'khugepaged-defrag               1            -          -  compacts for a THP',
      'khugepaged-pages             4096            -          -  base pages per scan',
      'khugepaged-scan-sleep       10000            -          -  ms between scans',
      'khugepaged-alloc-sleep      60000            -          -  ms after failures',
      'khugepaged-none               511            -          -  empty pages filled',
      'khugepaged-swap                64            -          -  pages read from swap',
      'khugepaged-shared             256            -          -  pages copied',
      'thp.64K                     never            -          -  THP of 64K',
      'thp.2M                    inherit            -          -  THP of 2M',
    ),
    stderr: '',
  })
})

t.test('those that are named, with what is known of them', async (t) => {
  const file = '/usr/lib/tmpfiles.d/thp.conf'
  const line = 'w! /sys/kernel/mm/transparent_hugepage/enabled - - - - always\n'
  const { hugepool } = tunedStage(t, { [file]: line })
  t.strictSame(await hugepool('tune shmmax thp.16K thp'), {
    status: 0,
    stdout: lines(
      'KEY        VALUE  RECOMMENDED  PERSISTED  WHAT',
      'shmmax       32M         128M          -  largest SysV segment',
      'thp.16K        -            -          -  THP of 16K',
      'thp      madvise            -     always  THP of programs',
    ),
    stderr: lines(
      'hugepool: note: shmmax: accepts memory, 0 or more, or max',
      'hugepool: note: shmmax: one segment can have all pages of the 2M pool',
      'hugepool: note: /sys/kernel/mm/transparent_hugepage/hugepages-16kB/enabled: not to be seen: it takes Linux 6.8 or later with THP of this size',
      'hugepool: note: thp.16K: accepts always, inherit, madvise, never',
      'hugepool: note: thp: accepts always, madvise, never',
      'hugepool: note: /usr/lib/tmpfiles.d/thp.conf:1: sets thp at a start',
    ),
  })
  t.strictSame(JSON.parse((await hugepool('tune shmmax thp --json')).stdout), {
    version: 1,
    settings: [
      {
        key: 'shmmax',
        path: '/proc/sys/kernel/shmmax',
        kind: 'bytes',
        value: 33554432,
        accepts: 'memory, 0 or more, or max',
        least: 0,
        most: Number(2n ** 64n - 1n),
        recommended: 134217728,
        why: 'one segment can have all pages of the 2M pool',
        needs: 'a kernel with CONFIG_SYSVIPC',
      },
      {
        key: 'thp',
        path: '/sys/kernel/mm/transparent_hugepage/enabled',
        kind: 'choice',
        value: 'madvise',
        choices: ['always', 'madvise', 'never'],
        accepts: 'always, madvise, never',
        persisted: { file, line: 1, text: 'always', value: 'always' },
        needs: 'a kernel with CONFIG_TRANSPARENT_HUGEPAGE',
      },
    ],
    notes: [
      'shmmax: accepts memory, 0 or more, or max',
      'shmmax: one segment can have all pages of the 2M pool',
      'thp: accepts always, madvise, never',
      '/usr/lib/tmpfiles.d/thp.conf:1: sets thp at a start',
    ],
  })
})

t.test('the bounds that a machine has', async (t) => {
  const { hugepool } = tunedStage(t, { '/proc/cmdline': 'quiet\n' })
  const accepted = async (keys: string) =>
    (await hugepool(`tune ${keys} -n -o KEY,ACCEPTS`)).stdout.trim().split(/\n/)
  t.strictSame(await accepted('shmmni min-free khugepaged-none khugepaged-swap'), [
    'shmmni           0 to 32768',
    'min-free         memory, 1M to 4G, in whole 1K',
    'khugepaged-none  0 to 511 base pages',
    'khugepaged-swap  0 to 511 base pages',
  ])
})

t.test('every value that is shown can be typed, and is what there is', async (t) => {
  const { hugepool, writes } = tunedStage(t)
  for (const options of ['', ' -b']) {
    const { stdout } = await hugepool(`tune -nr -o KEY,VALUE${options}`)
    const words = stdout
      .trim()
      .split('\n')
      .map((row) => row.replace(' ', '='))
    const known = words.filter((word) => !word.endsWith('=-'))
    t.equal(known.length, 21)
    const { status, stdout: outcomes } = await hugepool(`tune ${known.join(' ')} -nr -o OUTCOME`)
    t.strictSame([status, new Set(outcomes.trim().split('\n'))], [0, new Set(['unchanged'])])
  }
  t.strictSame(writes, [])
})

t.test('a machine without HugeTLB has settings too', async (t) => {
  const { status, stdout, stderr } = await run(['tune', 'shm-group', '-nr'], { tree: 'no-hugetlb' })
  t.strictSame([status, stdout], [0, 'shm-group - - - may\\040make\\040SysV\\040segments\n'])
  t.equal(
    stderr,
    'hugepool: note: /proc/sys/vm/hugetlb_shm_group: not to be seen: it takes a kernel with CONFIG_HUGETLBFS\n' +
      'hugepool: note: shm-group: accepts a group by name or number\n',
  )
})
