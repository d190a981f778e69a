import {
  type BootArchitecture,
  findBootArchitecture,
  wordsKeptBy,
} from '../../src/model/boot/boot-architectures.ts'
import type { BootMachine } from '../../src/model/boot/boot-machine.ts'
import { type KernelSeries, rulesOf } from '../../src/model/boot/kernel-series.ts'
import type { ArchitectureName as DebianName } from '../vm/architectures.ts'
import type { ArchitectureName } from './generated-lines.ts'

const K = 1024n
const G = K * K * K

/** An architecture whose kernels are booted. */
export interface Architecture {
  readonly name: ArchitectureName
  readonly debian: DebianName
  /** What is emulated: two nodes of so many gibibytes. */
  readonly gibibytes: number
  /** The machine to a kernel by its series and the name of its package. */
  readonly machine: (series: KernelSeries, kernel: string) => BootMachine
}

const machineOf = (
  kind: BootArchitecture,
  gibibytes: number,
  /** How many pages of 1G fit on each node, beside what the kernel has there itself. */
  fits: readonly bigint[],
  hasCma: boolean,
): BootMachine => ({
  sizes: kind.sizes,
  usualSize: kind.sizes[0],
  largestBlock: kind.basePage << kind.largestOrder,
  nodes: fits.map((pages, node) => ({
    node,
    memory: BigInt(gibibytes) * G,
    fits: new Map([[G, pages]]),
  })),
  cpus: 2,
  wordsKept: wordsKeptBy(kind),
  hasCma,
  hasFreeVmemmap: kind.freesVmemmap,
})

const kindOf = (architecture: string, basePage = 4n * K): BootArchitecture => {
  const kind = findBootArchitecture(architecture, basePage)
  if (kind === undefined) throw new Error(`${architecture}: of which kind?`)
  return kind
}

/** Debian's kernels of the cloud have CONFIG_CMA since 7.2 here. */
const x86: Architecture = {
  name: 'x86_64',
  debian: 'amd64',
  gibibytes: 4,
  machine: ([major, minor]) =>
    machineOf(kindOf('x86_64'), 4, [2n, 2n], major > 7 || (major === 7 && minor > 1)),
}

const has16k = (kernel: string): boolean => kernel.includes('-16k/')

const isEarly = (series: KernelSeries): boolean => rulesOf(series).early

/** Its memory begins at 1G with the kernel, and a node of 4G would have room for one page. */
const arm64: Architecture = {
  name: 'arm64',
  debian: 'arm64',
  gibibytes: 6,
  machine: (series, kernel) =>
    has16k(kernel)
      ? machineOf(kindOf('aarch64', 16n * K), 6, [2n, 4n], true)
      : machineOf(kindOf('aarch64'), 6, isEarly(series) ? [2n, 4n] : [3n, 5n], true),
}

export const architectures: readonly Architecture[] = [x86, arm64]
