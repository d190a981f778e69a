import t, { type Test } from 'tap'
import {
  readBootMachine,
  readKernelLine,
  readKernelSeries,
} from '../../../src/kernel/boot/read-boot-machine.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { findBootArchitecture } from '../../../src/model/boot/boot-architectures.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary, treeCopy } from '../../helpers/run.ts'

const K = 1024n
const M = K * K
const G = K * M

const on = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  return directoryTree(root)
}

const pool = (kilobytes: bigint) => `/sys/kernel/mm/hugepages/hugepages-${kilobytes}kB/nr_hugepages`

const files = {
  '/proc/sys/kernel/arch': 'x86_64\n',
  '/proc/sys/kernel/osrelease': '6.12.117-amd64\n',
  '/proc/cmdline': 'ro quiet hugepages=4\n',
  '/proc/meminfo':
    'MemTotal:        3145728 kB\nHugepagesize:    1048576 kB\nCmaTotal:        0 kB\n',
  '/proc/buddyinfo': 'Node 0, zone   Normal  1 1 1 1 1 1 1 1 1 1 1\n',
  '/sys/devices/system/cpu/online': '0-3,6\n',
  '/sys/devices/system/node/node0/meminfo': 'Node 0 MemTotal: 2097152 kB\n',
  '/sys/devices/system/node/node2/meminfo': 'Node 2 MemTotal: 0 kB\n',
  [pool(2048n)]: '0\n',
  [pool(1048576n)]: '0\n',
}

t.test('what a kernel that starts would find', async (t) => {
  const tree = on(t, files)
  t.strictSame(readBootMachine(tree), {
    sizes: [2n * M, G],
    // The default of now is 1G, which the line made so.
    usualSize: 2n * M,
    largestBlock: 4n * M,
    nodes: [
      { node: 0, memory: 2n * G },
      { node: 2, memory: 0n },
    ],
    cpus: 5,
    wordsKept: 5,
    lineKept: 2047,
    hasCma: true,
    hasFreeVmemmap: true,
  })
  t.strictSame(readKernelSeries(tree), [6, 12])
  t.equal(readKernelLine(tree), 'ro quiet hugepages=4')
})

t.test('with a kernel of another architecture', async (t) => {
  const { nodes, ...rest } = readBootMachine(on(t, files), findBootArchitecture('aarch64', 64n * K))
  t.strictSame(rest, {
    sizes: [512n * M, 2n * M, 16n * G],
    usualSize: 512n * M,
    largestBlock: 512n * M,
    cpus: 5,
    wordsKept: 9,
    lineKept: 2047,
    hasCma: true,
    hasFreeVmemmap: false,
    architecture: 'aarch64 with base pages of 64K',
  })
  const { architecture } = readBootMachine(on(t, files), findBootArchitecture('s390x'))
  t.equal(architecture, 's390x')
  t.equal(nodes.length, 2)
})

t.test('a kernel that is not known, without NUMA and without CMA', async (t) => {
  const tree = on(t, {
    '/proc/sys/kernel/arch': 'mips64\n',
    '/proc/meminfo': 'MemTotal:        1048576 kB\nHugepagesize:    16384 kB\n',
    [pool(16384n)]: '0\n',
  })
  t.strictSame(readBootMachine(tree), {
    sizes: [16n * M],
    usualSize: 16n * M,
    // The largest block of a kernel with such pages alone, and base pages of 64K.
    largestBlock: 16n * M,
    nodes: [{ node: 0, memory: G }],
    cpus: 1,
    wordsKept: 3,
    lineKept: 4095,
    hasCma: false,
    hasFreeVmemmap: true,
  })
  t.equal(readKernelSeries(tree), undefined)
  t.equal(readKernelLine(tree), undefined)
})

t.test('the recorded machines', async (t) => {
  const told = (name: string) => {
    const { usualSize, largestBlock, wordsKept } = readBootMachine(directoryTree(treeCopy(t, name)))
    return [usualSize, largestBlock, wordsKept]
  }
  t.strictSame(told('arm64-4k'), [2n * M, 4n * M, 9])
  t.strictSame(told('arm64-64k'), [512n * M, 512n * M, 9])
  t.strictSame(told('ppc64'), [16n * M, 16n * M, 31])
  t.strictSame(told('two-nodes'), [2n * M, 4n * M, 5])
})
