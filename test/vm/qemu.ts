import type { VirtualMachine } from './machines.ts'

/** What a guest boots, and how its processor is emulated. */
export interface Boot {
  readonly machine: VirtualMachine
  /** Path of the kernel's image. */
  readonly kernel: string
  /** Path of the initramfs. */
  readonly image: string
  readonly accelerator: 'kvm' | 'tcg'
  /** More words of the kernel's command line. */
  readonly append?: readonly string[]
}

const bytes = (memory: string): number =>
  Number.parseInt(memory, 10) * (memory.endsWith('G') ? 2 ** 30 : 2 ** 20)

/** Bytes of memory of the whole machine; what it does not touch it does not take. */
export const memoryOf = ({ nodes }: VirtualMachine): number =>
  nodes.reduce((sum, memory) => sum + (memory === '0' ? 0 : bytes(memory)), 0)

/**
 * Two processors, one each for the first two nodes: a node without memory would not exist otherwise,
 * and more of them would only stand in each other's way.
 */
const topology = (machine: VirtualMachine): readonly string[] => [
  ...['-m', `${memoryOf(machine) / 2 ** 20}M`, '-smp', '2'],
  ...machine.nodes.flatMap((memory, node) => {
    const processors = machine.nodes.length === 1 ? [',cpus=0-1'] : [',cpus=0', ',cpus=1']
    const numa = `node,nodeid=${node}${processors[node] ?? ''}`
    if (memory === '0') return ['-numa', numa]
    const backend = `memory-backend-ram,id=m${node},size=${memory}`
    return ['-object', backend, '-numa', `${numa},memdev=m${node}`]
  }),
]

const commandLine = ({ machine, append = [] }: Boot): string =>
  [
    'console=ttyS0 panic=-1 quiet init_on_alloc=0 nokaslr',
    `HUGEPOOL_MACHINE=${machine.name}`,
    ...(machine.processes === undefined ? [] : [`HUGEPOOL_PROCESSES=${machine.processes}`]),
    ...(machine.append === undefined ? [] : [machine.append]),
    ...append,
  ].join(' ')

/** Words for qemu-system-x86_64, without those that say where its serial lines go. */
export const qemuWords = (boot: Boot): readonly string[] => [
  ...['-accel', boot.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
  ...['-cpu', boot.machine.cpu === undefined ? 'max' : `max,${boot.machine.cpu}`],
  ...topology(boot.machine),
  ...['-kernel', boot.kernel, '-initrd', boot.image, '-append', commandLine(boot)],
  ...['-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
]
