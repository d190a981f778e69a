import type { ArchitectureName } from './architectures.ts'
import type { VirtualMachine } from './machines.ts'

/** Seconds of the longest on two quiet processors, and three times as many again. */
const limit = 900

const arm64: readonly VirtualMachine[] = [
  {
    name: 'two-nodes',
    summary: 'two nodes of 6G, pools of 64K, 2M, 32M and 1G',
    // The first begins with the kernel: one of 4G has room for one page of 1G.
    nodes: ['6G', '6G'],
    kernels: ['6.12'],
    gives: ['two nodes with memory', 'gigantic pages'],
    limit,
  },
  {
    name: 'boot-pools',
    summary: 'pools of all four sizes from the kernel command line, 64K by default',
    nodes: ['6G', '6G'],
    kernels: ['6.12'],
    append:
      'default_hugepagesz=64K hugepages=0:64,1:32 hugepagesz=2M hugepages=0:16,1:8 hugepagesz=32M hugepages=4 hugepagesz=1G hugepages=0:1,1:1',
    only: ['four sizes', 'every machine'],
    gives: ['four sizes'],
    limit,
  },
]

/** Its base pages have 64K, and Debian's 6.12 of it is not always in reach. */
const ppc64el: readonly VirtualMachine[] = [
  {
    name: 'two-nodes',
    summary: 'two nodes of 4G, pools of 2M and 1G of a radix tree',
    nodes: ['4G', '4G'],
    kernels: ['6.1'],
    gives: ['two nodes with memory', 'gigantic pages'],
    limit,
  },
]

const s390x: readonly VirtualMachine[] = [
  {
    name: 'no-pools',
    summary: 'a kernel without HugeTLB, on a big-endian processor',
    nodes: ['4G'],
    kernels: ['6.1'],
    only: ['no HugeTLB', 'every machine'],
    gives: ['no HugeTLB'],
    limit,
  },
]

/** Machines with other processors than that of this machine. */
export const foreignMachines: Readonly<
  Record<Exclude<ArchitectureName, 'amd64'>, readonly VirtualMachine[]>
> = { arm64, ppc64el, s390x }
