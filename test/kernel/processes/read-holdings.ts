import t from 'tap'
import type { NamedFiles } from '../../../src/kernel/mounts/mount-files.ts'
import { readHoldings } from '../../../src/kernel/processes/read-holdings.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M

const table = lines(
  '1 0 0:1 / / rw - ext4 /dev/vda rw',
  '30 1 0:39 /sub /srv/bound rw - hugetlbfs none rw,pagesize=2M,min_size=16777216',
  '31 1 0:39 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M,min_size=16777216',
  '32 1 0:40 / /mnt/large rw - hugetlbfs none rw,pagesize=1024M',
  '33 1 0:41 / /mnt/empty rw - hugetlbfs none rw,pagesize=2M',
  '34 1 0:42 / /mnt/closed rw - hugetlbfs none rw,pagesize=2M',
)

const files: Readonly<Record<string, NamedFiles>> = {
  '/mnt/huge': {
    names: 3,
    inodes: new Map([
      [5n, { bytes: 4n * M, size: 4n * M }],
      [6n, { bytes: 2n * M, size: 8n * M }],
    ]),
  },
  '/mnt/empty': { names: 0, inodes: new Map() },
}

const smaps = (path: string, device: string, inode: number) => `\
7f0000000000-7f0000400000 rw-s 00000000 ${device} ${inode} ${path}
KernelPageSize:     2048 kB
Private_Hugetlb:    4096 kB
`

const stage = () => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 8n * G }],
    pools: [
      { size, persistent: { 0: 16n } },
      { size: G, persistent: { 0: 1n } },
    ],
  })
  kernel.extra.set('/proc/self/mountinfo', table)
  return kernel
}

const process = (kernel: ReturnType<typeof stage>, pid: number, text?: string) => {
  kernel.extra.set(`/proc/${pid}/status`, `Name:\tapp${pid}\nHugetlbPages:\t    4096 kB\n`)
  if (text !== undefined) kernel.extra.set(`/proc/${pid}/smaps`, text)
}

const find = (kernel: ReturnType<typeof stage>) => readHoldings(kernel, size, (at) => files[at])

t.test('files on the mounts of the size, each file system once', async (t) => {
  const kernel = stage()
  kernel.map(size, 8n)
  const { mounts, ...rest } = find(kernel)
  t.strictSame(rest, { size, segments: [], processes: [] })
  t.strictSame(mounts, [
    {
      targets: ['/mnt/huge', '/srv/bound'],
      files: 2n,
      pages: 3n,
      mappedPages: 0n,
      lackedPages: 3n,
      minimumPages: 5n,
    },
    { targets: ['/mnt/closed'], minimumPages: 0n },
  ])
})

t.test('empty files have no more reserved than the pool has', async (t) => {
  const kernel = stage()
  const lacked = () => find(kernel).mounts.map(({ lackedPages }) => lackedPages)
  t.strictSame(lacked(), [0n, undefined], 'nothing is reserved')
  kernel.map(size, 2n)
  t.strictSame(lacked(), [2n, undefined])
  kernel.extra.set('/proc/self/mountinfo', table.replaceAll(',min_size=16777216', ''))
  t.strictSame(lacked(), [2n, undefined])
  const other = '35 1 0:43 / /mnt/other rw - hugetlbfs none rw,pagesize=2M,min_size=4194304'
  kernel.extra.set(
    '/proc/self/mountinfo',
    `${table.replaceAll(',min_size=16777216', '')}${other}\n`,
  )
  t.strictSame(lacked(), [0n, undefined, undefined], 'the minimum of another mount has them')
})

t.test('files, segments and processes that belong together', async (t) => {
  const kernel = stage()
  process(kernel, 7, smaps('/mnt/huge/a', '00:27', 5))
  process(kernel, 8, smaps('/SYSV00000001 (deleted)', '00:10', 3))
  kernel.extra.set(
    '/proc/sysvipc/shm',
    'key shmid size nattch uid rss\n 1 3 4194304 1 26 4194304\n 1 4 4194304 1 26 4194304\n',
  )
  const { mounts, segments, processes } = find(kernel)
  t.equal(mounts[0]?.mappedPages, 2n)
  t.strictSame(
    segments.map(({ id, isCertain }) => [id, isCertain]),
    [
      [3, true],
      [4, false],
    ],
  )
  t.strictSame(processes, [
    { pid: 7, command: 'app7', pages: 2n },
    { pid: 8, command: 'app8', pages: 2n },
  ])
})

t.test('processes that cannot be looked into', async (t) => {
  const kernel = stage()
  process(kernel, 7)
  process(kernel, 8, smaps('/x', '00:27', 5).replace('2048', '1048576'))
  t.strictSame(find(kernel).processes, [{ pid: 7, command: 'app7', pages: 2n }])
  kernel.map(G, 1n).touch(1n)
  t.strictSame(find(kernel).processes, [{ pid: 7, command: 'app7' }], 'pages of either size')
})

const reserver = `\
7f0000000000-7f0000800000 rw-p 00000000 00:11 9 /anon_hugepage (deleted)
Size:               8192 kB
KernelPageSize:     2048 kB
Private_Hugetlb:       0 kB
VmFlags: rd wr mr mw me de ht
`

t.test('a process that has only reserved pages so far', async (t) => {
  const kernel = stage()
  for (const [pid, maps] of [
    [7, reserver],
    [8, '7f0000000000-7f0000800000 rw-p 00000000 00:11 9 /usr/lib/libc.so\n'],
    [9, reserver],
  ] as const) {
    kernel.extra.set(`/proc/${pid}/status`, `Name:\tapp${pid}\nHugetlbPages:\t       0 kB\n`)
    kernel.extra.set(`/proc/${pid}/maps`, maps)
  }
  kernel.extra.set('/proc/7/smaps', reserver)
  t.strictSame(find(kernel).processes, [], 'nothing is reserved')
  kernel.map(size, 3n)
  t.strictSame(
    find(kernel).processes,
    [{ pid: 7, command: 'app7', pages: 0n, lackedPages: 3n }],
    'no more than is reserved; what may not be looked into is left out',
  )
  kernel.extra.set('/proc/8/maps', '7f0000000000-7f0000800000 rw-p 00000000 00:27 5 /mnt/huge/a\n')
  kernel.extra.set(
    '/proc/8/smaps',
    reserver.replace('00:11 9 /anon_hugepage (deleted)', '00:27 5 /a'),
  )
  t.strictSame(
    find(kernel).processes.map(({ pid, lackedPages }) => [pid, lackedPages]),
    [
      [7, 3n],
      [8, 3n],
    ],
  )
  kernel.resvWrap(size)
  t.strictSame(find(kernel).processes, [])
})

t.test('a recording has no files to look at, and perhaps no mounts', async (t) => {
  const kernel = stage()
  t.strictSame(
    readHoldings(kernel, size).mounts.map(({ files, minimumPages }) => [files, minimumPages]),
    [
      [undefined, 8n],
      [undefined, 0n],
      [undefined, 0n],
    ],
  )
  kernel.extra.delete('/proc/self/mountinfo')
  t.strictSame(readHoldings(kernel, size).mounts, [])
})
