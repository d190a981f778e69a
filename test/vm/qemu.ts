import { type ArchitectureName, architectures } from './architectures.ts'
import type { VirtualMachine } from './machines.ts'

/** As QEMU writes it: by KVM, or emulated by one thread for each processor, or one for both. */
export type Accelerator = 'kvm' | 'tcg,thread=multi' | 'tcg,thread=single'

/** What a guest boots, and how its processor is emulated. */
export interface Boot {
  readonly architecture: ArchitectureName
  readonly machine: VirtualMachine
  /** Path of the kernel's image. */
  readonly kernel: string
  /** Path of the initramfs. */
  readonly image: string
  readonly accelerator: Accelerator
  /** More words of the kernel's command line. */
  readonly append?: readonly string[]
}

const bytes = (memory: string): number =>
  Number.parseInt(memory, 10) * (memory.endsWith('G') ? 2 ** 30 : 2 ** 20)

/** Bytes of memory of the whole machine; what it does not touch it does not take. */
export const memoryOf = ({ nodes }: VirtualMachine): number =>
  nodes.reduce((sum, memory) => sum + (memory === '0' ? 0 : bytes(memory)), 0)

const processorsOfGuest = 2

/**
 * How guests are emulated, of which as many run at once as there are processors. A thread for each
 * processor of a guest makes one that is alone faster by a fifth. Where there are more threads than
 * processors they are slower by a sixth, and a thread that is stopped while its kernel patches its
 * own code was seen to run into the breakpoint of a patch that is over, which is a panic.
 */
export const emulation = (guests: number, processors: number): Accelerator =>
  Math.min(guests, processors) * processorsOfGuest > processors
    ? 'tcg,thread=single'
    : 'tcg,thread=multi'

/**
 * Two processors, one each for the first two nodes: a node without memory would not exist otherwise,
 * and more of them would only stand in each other's way.
 */
const topology = ({ architecture, machine }: Boot): readonly string[] => [
  ...['-m', `${memoryOf(machine) / 2 ** 20}M`, '-smp', `${processorsOfGuest}`],
  ...(architectures[architecture].isFlat ? [] : machine.nodes).flatMap((memory, node) => {
    const processors = machine.nodes.length === 1 ? [',cpus=0-1'] : [',cpus=0', ',cpus=1']
    const numa = `node,nodeid=${node}${processors[node] ?? ''}`
    if (memory === '0') return ['-numa', numa]
    const backend = `memory-backend-ram,id=m${node},size=${memory}`
    return ['-object', backend, '-numa', `${numa},memdev=m${node}`]
  }),
]

const commandLine = ({ architecture, machine, append = [] }: Boot): string => {
  const { line, results } = architectures[architecture]
  return [
    line,
    `HUGEPOOL_MACHINE=${machine.name}`,
    ...(results === undefined ? [] : [`HUGEPOOL_RESULTS=${results}`]),
    ...(machine.processes === undefined ? [] : [`HUGEPOOL_PROCESSES=${machine.processes}`]),
    ...(machine.append === undefined ? [] : [machine.append]),
    ...append,
  ].join(' ')
}

/** Words for the emulator, without those that say where its serial lines go. */
export const qemuWords = (boot: Boot): readonly string[] => {
  const { board, cpu } = architectures[boot.architecture].machine(boot.kernel)
  const features = boot.machine.cpu === undefined ? cpu : [...cpu, boot.machine.cpu]
  return [
    ...['-accel', boot.accelerator],
    ...(board === undefined ? [] : ['-machine', board]),
    ...['-cpu', features.join()],
    ...topology(boot),
    ...['-kernel', boot.kernel, '-initrd', boot.image, '-append', commandLine(boot)],
    ...['-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
  ]
}

/** The command line of an emulator whose results go to its output, and the console to where it is said. */
export const tellingLine = (boot: Boot, console: string): readonly string[] => {
  const { program, serial } = architectures[boot.architecture]
  return [program, ...qemuWords(boot), ...serial(console)]
}
