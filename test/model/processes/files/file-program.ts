import t from 'tap'
import { programOf, programWords } from '../../../../src/model/processes/files/file-program.ts'

t.test('names that programs give to their files', async (t) => {
  for (const [path, words] of [
    ['rtemap_0', 'DPDK (prefix rte)'],
    ['sub/rtemap_12', 'DPDK (prefix rte)'],
    ['pg1map_3', 'DPDK (prefix pg1)'],
    ['spdk_pid4711map_0', 'SPDK (process 4711)'],
    ['spdk7map_10', 'SPDK (shared memory id 7)'],
    ['qemu_back_mem.ram-node0.aB3dEf', 'QEMU (memory backend ram-node0)'],
    [
      'libvirt/qemu/1-vm/qemu_back_mem._objects_ram.0.XyZ012',
      'QEMU (memory backend _objects_ram.0)',
    ],
    ['java_heap.99', 'JVM (process 99)'],
    ['.huge/fd1', 'Firedancer (workspace)'],
    ['x/.gigantic/fd1', 'Firedancer (workspace)'],
    ['fd1.wksp', 'Firedancer (workspace)'],
    ['.hugepool-12-rtemap_0', 'hugepool (set aside)'],
    ['.hugepool-a3f00c12be94', 'hugepool (left by cp)'],
    ['sub/.hugepool-7', 'hugepool (left by cp)'],
  ] as const) {
    const program = programOf(path)
    t.equal(program && programWords(program), words, path)
  }
  t.equal(programWords({ program: 'DPDK' }), 'DPDK')
})

t.test('and names that nobody is known to give', async (t) => {
  for (const path of [
    'guest.img',
    'map_0',
    'rtemap_',
    'rtemap_0.old',
    'spdk_pid0map_0x',
    'java_heap.0',
    'qemu_back_mem.x',
    'huge/fd1',
    '.hugepool-x-a',
    '.hugepool-1-',
    '.hugepool-A',
    '.hugepool-0123456789abc',
  ])
    t.equal(programOf(path), undefined, path)
})

t.test('what scripts and --clean go by', async (t) => {
  t.strictSame(programOf('spdk_pid4711map_0')?.pid, 4711)
  t.strictSame(programOf('java_heap.99')?.pid, 99)
  t.equal(programOf('fd1.wksp')?.stays, true)
  t.equal(programOf('rtemap_0')?.stays, undefined)
})
