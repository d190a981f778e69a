import { containers } from './machine-kinds.ts'

/** What files say of it; absent where there is no such file, or where it may not be read. */
export interface VirtualizationFacts {
  /** /run/systemd/container, or `container` in the environment of process 1. */
  readonly container?: string
  /** Whether /.dockerenv or /run/.containerenv is there. */
  readonly docker: boolean
  readonly podman: boolean
  /** Whether /proc/vz is there and /proc/bc is not. */
  readonly openvz: boolean
  /** /proc/sys/kernel/osrelease */
  readonly release?: string
  readonly cpuinfo?: string
  /** The names in /sys/class/dmi/id, of product, system, board and BIOS. */
  readonly dmi: readonly string[]
  /** Of /sys/devices/system/clocksource/clocksource0. */
  readonly clocks?: string
  /** /sys/hypervisor/type */
  readonly hypervisor?: string
  /** Whether this Xen domain has control over the others: it is no virtual machine then. */
  readonly controlsXen: boolean
  /** /proc/sysinfo, which s390 has. */
  readonly sysinfo?: string
  /** /proc/device-tree/hypervisor/compatible */
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

/** How the names of vendors and products begin: the table of src/basic/virt.c of systemd. */
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

/** Firmware gives the name of QEMU to guests of KVM too; their clock tells them apart. */
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

/** The line of x86 with the flags of a CPU. A real one has no flag of this name. */
const showsHypervisor = ({ cpuinfo = '' }: VirtualizationFacts): boolean | undefined =>
  /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/).includes('hypervisor')

const machineOf = (facts: VirtualizationFacts): string | undefined => {
  const { sysinfo = '', hypervisor, controlsXen, cpuinfo } = facts
  if (/Control Program:\s*z\/VM/.test(sysinfo)) return 'zvm'
  if (/Control Program:\s*KVM/.test(sysinfo)) return 'kvm'
  if (hypervisor === 'xen') return controlsXen ? 'none' : 'xen'
  const flag = showsHypervisor(facts)
  // Clouds give their names to machines that they let as a whole too.
  if (flag === false) return 'none'
  const found = byDmiAndClock(facts) ?? byDeviceTree(facts)
  if (found !== undefined) return found
  if (flag) return 'vm-other'
  return cpuinfo === undefined ? undefined : 'none'
}

/**
 * What a machine runs on or in, by the words of systemd-detect-virt(1): the one for all of its kind,
 * and its own. Undefined where too little is to be seen.
 */
export const virtualizationOf = (facts: VirtualizationFacts): readonly string[] | undefined => {
  const container = containerOf(facts)
  if (container !== undefined) return ['container', container]
  const machine = machineOf(facts)
  if (machine === undefined) return undefined
  return machine === 'none' ? ['none'] : ['vm', machine]
}
