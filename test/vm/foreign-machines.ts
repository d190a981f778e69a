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
]

/** Machines with other processors than that of this machine. */
export const foreignMachines: Readonly<
  Record<Exclude<ArchitectureName, 'amd64'>, readonly VirtualMachine[]>
> = { arm64 }
