/**
 * The processors that the laboratory emulates, by Debian's names for them. What scripts need of those beside
 * this machine's own is in architectures.txt; their kernels are in kernels-NAME.txt.
 */
export type ArchitectureName = 'amd64' | 'arm64' | 'ppc64el' | 's390x'

export interface Architecture {
  readonly program: string
  /** Node's own name for it. */
  readonly processor: NodeJS.Architecture
  /** The list of its kernels. */
  readonly kernels: string
  /** The board and the processor, for a kernel by its path. */
  readonly machine: (kernel: string) => {
    readonly board?: string
    /** With features that are switched. */
    readonly cpu: readonly string[]
  }
  /** Whether it has one node, and the emulator takes no other. */
  readonly isFlat?: true
  /** The live tests that run where none are named, where those are not all of them. */
  readonly tests?: readonly string[]
  /** Words of the kernel's command line. */
  readonly line: string
  /** The device in the guest to which results are written, where that is not the second serial line. */
  readonly results?: string
  /** What connects the console with where it is said, and that device with the output of the emulator. */
  readonly serial: (console: string) => readonly string[]
}

const twoLines = (console: string) => ['-serial', console, '-serial', 'stdio']

/**
 * Every feature that the emulator has but two. With `erms` the kernel clears pages by octets, each of which is
 * a step of the emulator, and takes five times as long for a page; with `la57` each walk of page tables has a
 * fifth level. `mitigations=off` leaves out what keeps programs of a real processor apart, which makes each
 * indirect call of an emulated one several steps. `no_timer_check` leaves out a look at the timer of the IO-APIC
 * at boot: an emulator on busy processors is too late for it, and the kernel panics.
 */
const amd64: Architecture = {
  program: 'qemu-system-x86_64',
  processor: 'x64',
  kernels: 'kernels.txt',
  machine: () => ({ cpu: ['max', '-erms', '-la57'] }),
  line: 'console=ttyS0 panic=-1 quiet init_on_alloc=0 nokaslr mitigations=off no_timer_check',
  serial: twoLines,
}

/**
 * The processor is an old one, which is emulated three times as fast as the largest; it has no base
 * pages of 16K. The board has one serial line, the second one is a card, and of another driver.
 */
const arm64: Architecture = {
  program: 'qemu-system-aarch64',
  processor: 'arm64',
  kernels: 'kernels-arm64.txt',
  machine: (kernel) => ({
    board: 'virt,gic-version=3',
    cpu: kernel.includes('-16k/') ? ['max', 'pauth-impdef=on'] : ['cortex-a57'],
  }),
  line: 'console=ttyAMA0 panic=-1 quiet init_on_alloc=0 nokaslr',
  results: '/dev/ttyS0',
  serial: (console) => [
    ...['-serial', console],
    ...['-chardev', 'stdio,id=told', '-device', 'pci-serial,chardev=told'],
  ],
}

/**
 * POWER9 with a radix tree: pages of 2M and 1G. The capabilities that are switched are what this emulator has
 * not, and says so. A hash table (`-cpu power8`) has pages of 16M.
 */
const ppc64el: Architecture = {
  program: 'qemu-system-ppc64',
  processor: 'ppc64',
  kernels: 'kernels-ppc64el.txt',
  machine: () => ({
    board: 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off',
    cpu: ['power9'],
  }),
  tests: ['list', 'resize', 'demote', 'touch', 'mount-flags', 'mount-limits', 'files', 'who'],
  line: 'console=hvc0 panic=-1 quiet init_on_alloc=0',
  results: '/dev/hvc1',
  serial: twoLines,
}

/**
 * The emulator (7.2) has no EDAT, with which a processor has pages of 1M and 2G: `edat=on` is refused for every
 * model, and the kernel says `unsupported hugepagesz=1M`. So it is a machine without HugeTLB, whose numbers begin
 * with the largest octet. Its line terminal makes lines of what it is given: it has the console.
 */
const s390x: Architecture = {
  program: 'qemu-system-s390x',
  processor: 's390x',
  kernels: 'kernels-s390x.txt',
  machine: () => ({ board: 's390-ccw-virtio', cpu: ['max'] }),
  isFlat: true,
  tests: ['no-pools'],
  line: 'console=ttyS0 panic=-1 quiet init_on_alloc=0',
  results: '/dev/ttysclp0',
  serial: (console) => [
    ...['-chardev', `${console.replace(/^file:/, 'file,path=')},id=console`],
    ...['-device', 'sclplmconsole,chardev=console'],
    ...['-chardev', 'stdio,id=told', '-device', 'sclpconsole,chardev=told'],
  ],
}

export const architectures: Readonly<Record<ArchitectureName, Architecture>> = {
  amd64,
  arm64,
  ppc64el,
  s390x,
}

export const architectureNames = Object.keys(architectures) as ArchitectureName[]

/** This machine's own, whose kernels are those of the laboratory where no other one is named. */
export const native: ArchitectureName = 'amd64'
