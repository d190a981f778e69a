import t from 'tap'
import { readHugeAreas } from '../../../src/kernel/processes/huge-areas.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { G, M } from '../../helpers/sizes.ts'

const smaps = `\
00400000-00401000 r-xp 00000000 fe:63 17                 /bin/app
Size:                  4 kB
KernelPageSize:        4 kB
Shared_Hugetlb:        0 kB
Private_Hugetlb:       0 kB
VmFlags: rd ex mr mw me
7f0000000000-7f0000800000 rw-s 00000000 00:27 1234       /mnt/huge/a b
Size:               8192 kB
KernelPageSize:     2048 kB
Shared_Hugetlb:     2048 kB
Private_Hugetlb:    4096 kB
VmFlags: rd wr sh mr mw me ms de ht
7f0040000000-7f0080000000 rw-p 00000000 00:10 5          /anon_hugepage (deleted)
Size:            1048576 kB
KernelPageSize:  1048576 kB
Shared_Hugetlb:        0 kB
Private_Hugetlb: 1048576 kB
VmFlags: rd wr mr mw me ht
`

t.test('the areas of each page size', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/7/smaps', smaps)
  t.strictSame(readHugeAreas(kernel, 7, 2n * M), [
    { device: '00:27', inode: 1234n, path: '/mnt/huge/a b', pages: 3n, lacked: 0n },
  ])
  t.strictSame(readHugeAreas(kernel, 7, G), [
    { device: '00:10', inode: 5n, path: '/anon_hugepage (deleted)', pages: 1n, lacked: 0n },
  ])
  t.strictSame(readHugeAreas(kernel, 7, 32n * M), [])
})

t.test('what an area can have reserved beside its pages', async (t) => {
  const area = (access: string, path: string, flags = '') => `\
7f0000000000-7f0000800000 rw-${access} 00000000 00:27 5 ${path}
Size:               8192 kB
KernelPageSize:     2048 kB
Private_Hugetlb:    2048 kB
VmFlags: rd wr mr mw me de ht ${flags}
`
  for (const [text, lacked] of [
    [area('p', '/anon_hugepage (deleted)'), 3n],
    [area('s', '/anon_hugepage (deleted)'), 3n],
    [area('s', '/SYSV00000000 (deleted)'), 3n],
    [area('s', '/memfd:ram (deleted)'), 3n],
    [area('p', '/mnt/huge/a'), 3n],
    [area('s', '/mnt/huge/a'), 0n],
    [area('p', '/anon_hugepage (deleted)', 'nr'), 0n],
    [area('p', '/anon_hugepage (deleted)', 'nh'), 3n],
  ] as const) {
    const kernel = fakeKernel()
    kernel.extra.set('/proc/7/smaps', text)
    t.equal(readHugeAreas(kernel, 7, 2n * M)?.[0]?.lacked, lacked, text)
  }
})

t.test('a process that is gone, or not to be looked into', async (t) => {
  const kernel = fakeKernel()
  t.equal(readHugeAreas(kernel, 7, 2n * M), undefined)
  kernel.failRead('/proc/8/smaps', 'EACCES')
  t.equal(readHugeAreas(kernel, 8, 2n * M), undefined)
})

t.test('without a descriptor left nothing is taken for seen', async (t) => {
  const kernel = fakeKernel()
  kernel.extra.set('/proc/7/smaps', smaps)
  kernel.failRead('/proc/7/smaps', 'EMFILE')
  t.throws(() => readHugeAreas(kernel, 7, 2n * M), /EMFILE/)
})
