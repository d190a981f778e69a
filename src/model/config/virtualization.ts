import { containers } from './machine-kinds.ts'

/**
 * What files tell of virtualization; absent where there is no such file, or where it may not be
 * read.
 */
export interface VirtualizationFacts {
  /** The text of /run/systemd/container, or `container` in the environment of process 1. */
  readonly container?: string
  /** Whether /.dockerenv exists. */
  readonly docker: boolean
  /** Whether /run/.containerenv exists. */
  readonly podman: boolean
  /** Whether /proc/vz exists and /proc/bc does not. */
  readonly openvz: boolean
  /** The text of /proc/sys/kernel/osrelease. */
  readonly release?: string
  readonly cpuinfo?: string
  /**
   * The names of the product and its version, and of the vendors of system, board and BIOS, in
   * /sys/class/dmi/id.
   */
  readonly dmi: readonly string[]
  /** The clocks that /sys/devices/system/clocksource/clocksource0 offers. */
  readonly clocks?: string
  /** The text of /sys/hypervisor/type. */
  readonly hypervisor?: string
  /** Whether this Xen domain has control over the others: it is no virtual machine then. */
  readonly controlsXen: boolean
  /** The text of /proc/sysinfo, which s390 has. */
  readonly sysinfo?: string
  /** The text of /proc/device-tree/hypervisor/compatible. */
  readonly deviceTree?: string
}

const containerOf = (facts: VirtualizationFacts): string | undefined => {
  const { container, docker, podman, openvz, release = '' } = facts
  if (/microsoft|WSL/i.test(release)) return 'wsl'
  if (container !== undefined && container !== 'oci')
    return containers.find((name) => name === container) ?? 'container-other'
  if (podman) return 'podman'
  if (docker) return 'docker'
  if (openvz) return 'openvz'
  return container === undefined ? undefined : 'container-other'
}

/**
 * The beginnings of the names of vendors and products, as the table of src/basic/virt.c of systemd
 * has them.
 */
const vendors: readonly (readonly [beginning: string, kind: string])[] = [
  ['KVM', 'kvm'],
  ['OpenStack', 'kvm'],
  ['KubeVirt', 'kvm'],
  ['Amazon EC2', 'amazon'],
  ['QEMU', 'qemu'],
  ['VMware', 'vmware'],
  ['VMW', 'vmware'],
  ['innotek GmbH', 'oracle'],
  ['VirtualBox', 'oracle'],
  ['Xen', 'xen'],
  ['Bochs', 'bochs'],
  ['Parallels', 'parallels'],
  ['BHYVE', 'bhyve'],
  ['Hyper-V', 'microsoft'],
  ['Apple Virtualization', 'apple'],
  ['Google Compute Engine', 'google'],
]

/** Clocks that only guests of one hypervisor have. */
const guestClocks: readonly (readonly [name: string, kind: string])[] = [
  ['kvm-clock', 'kvm'],
  ['hyperv_clocksource', 'microsoft'],
  ['xen', 'xen'],
]

/**
 * Finds the kind by what firmware names. It names QEMU to guests of KVM too, which their clock
 * tells apart.
 */
const byDmiAndClock = ({ dmi, clocks = '' }: VirtualizationFacts): string | undefined => {
  const named = dmi
    .map((name) => vendors.find(([beginning]) => name.startsWith(beginning))?.[1])
    .find((kind) => kind !== undefined)
  const byClock = guestClocks.find(([name]) => clocks.includes(name))?.[1]
  return named === undefined || named === 'qemu' ? (byClock ?? named) : named
}

const byDeviceTree = ({ deviceTree }: VirtualizationFacts): string | undefined => {
  if (deviceTree === undefined) return undefined
  if (deviceTree.startsWith('linux,kvm')) return 'kvm'
  return ['xen', 'vmware'].find((kind) => deviceTree.includes(kind)) ?? 'vm-other'
}

/**
 * Tells whether the flags that x86 shows of a CPU have the one of guests, which a real CPU lacks;
 * undefined where /proc/cpuinfo has no flags.
 */
const showsHypervisor = ({ cpuinfo = '' }: VirtualizationFacts): boolean | undefined =>
  /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/).includes('hypervisor')

const machineOf = (facts: VirtualizationFacts): string | undefined => {
  const { sysinfo = '', hypervisor, controlsXen, cpuinfo } = facts
  if (/Control Program:\s*z\/VM/.test(sysinfo)) return 'zvm'
  if (/Control Program:\s*KVM/.test(sysinfo)) return 'kvm'
  if (hypervisor === 'xen') return controlsXen ? 'none' : 'xen'
  const flag = showsHypervisor(facts)
  // Clouds give their names also to machines that they let as a whole.
  if (flag === false) return 'none'
  const found = byDmiAndClock(facts) ?? byDeviceTree(facts)
  if (found !== undefined) return found
  if (flag) return 'vm-other'
  return cpuinfo === undefined ? undefined : 'none'
}

/**
 * Tells what a machine runs on or in, by the words of systemd-detect-virt(1): the one for all of
 * its kind, and its own. Undefined where too little is to be seen.
 */
export const virtualizationOf = (facts: VirtualizationFacts): readonly string[] | undefined => {
  const container = containerOf(facts)
  if (container !== undefined) return ['container', container]
  const machine = machineOf(facts)
  if (machine === undefined) return undefined
  return machine === 'none' ? ['none'] : ['vm', machine]
}
