import type { VirtualMachine } from './machines.ts'

/** As QEMU writes it: by KVM, or emulated by one thread for each processor, or one for both. */
export type Accelerator = 'kvm' | 'tcg,thread=multi' | 'tcg,thread=single'

/** What a guest boots, and how its processor is emulated. */
export interface Boot {
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
export const topology = (machine: VirtualMachine): readonly string[] => [
  ...['-m', `${memoryOf(machine) / 2 ** 20}M`, '-smp', `${processorsOfGuest}`],
  ...machine.nodes.flatMap((memory, node) => {
    const processors = machine.nodes.length === 1 ? [',cpus=0-1'] : [',cpus=0', ',cpus=1']
    const numa = `node,nodeid=${node}${processors[node] ?? ''}`
    if (memory === '0') return ['-numa', numa]
    const backend = `memory-backend-ram,id=m${node},size=${memory}`
    return ['-object', backend, '-numa', `${numa},memdev=m${node}`]
  }),
]

/**
 * Every feature that the emulator has but two. With `erms` the kernel clears pages by octets, each of which is
 * a step of the emulator, and takes five times as long for a page; with `la57` each walk of page tables has a
 * fifth level.
 */
const processor = ({ cpu }: VirtualMachine): string =>
  ['max', '-erms', '-la57', ...(cpu === undefined ? [] : [cpu])].join()

/**
 * `mitigations=off` leaves out what keeps programs of a real processor apart, which makes each indirect call of
 * an emulated one several steps. `no_timer_check` leaves out a look at the timer of the IO-APIC at boot: an
 * emulator on busy processors is too late for it, and the kernel panics.
 */
const commandLine = ({ machine, append = [] }: Boot): string =>
  [
    'console=ttyS0 panic=-1 quiet init_on_alloc=0 nokaslr mitigations=off no_timer_check',
    `HUGEPOOL_MACHINE=${machine.name}`,
    ...(machine.processes === undefined ? [] : [`HUGEPOOL_PROCESSES=${machine.processes}`]),
    ...(machine.append === undefined ? [] : [machine.append]),
    ...append,
  ].join(' ')

/** Words for qemu-system-x86_64, without those that say where its serial lines go. */
export const qemuWords = (boot: Boot): readonly string[] => [
  ...['-accel', boot.accelerator],
  ...['-cpu', processor(boot.machine)],
  ...topology(boot.machine),
  ...['-kernel', boot.kernel, '-initrd', boot.image, '-append', commandLine(boot)],
  ...['-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
]
