/** The virtual machines that are told apart, by the words of systemd-detect-virt(1). */
export const virtualMachines = [
  'kvm',
  'qemu',
  'amazon',
  'google',
  'microsoft',
  'vmware',
  'oracle',
  'xen',
  'parallels',
  'bhyve',
  'bochs',
  'apple',
  'zvm',
  'vm-other',
] as const

/** The containers that are told apart, by the words of systemd-detect-virt(1). */
export const containers = [
  'docker',
  'podman',
  'lxc',
  'lxc-libvirt',
  'systemd-nspawn',
  'wsl',
  'openvz',
  'container-other',
] as const

/** The words for everything of a kind, whatever its own word is. */
const wholeKinds = ['none', 'vm', 'container'] as const

/** All words for what a machine runs on or in. */
export const machineKinds: readonly string[] = [...wholeKinds, ...virtualMachines, ...containers]
