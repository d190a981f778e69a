import t from 'tap'
import {
  containers,
  machineKinds,
  virtualMachines,
} from '../../../src/model/config/machine-kinds.ts'
import {
  type VirtualizationFacts,
  virtualizationOf,
} from '../../../src/model/config/virtualization.ts'

const nothing: VirtualizationFacts = {
  docker: false,
  podman: false,
  openvz: false,
  dmi: [],
  controlsXen: false,
}
const real = 'flags\t: fpu lm\n'
const guest = 'processor : 0\nflags\t: fpu hypervisor lm\nbugs:\n'
const arm = 'CPU architecture: 8\n'

const cases: readonly (readonly [Partial<VirtualizationFacts>, string | undefined])[] = [
  [{}, undefined],
  [{ cpuinfo: real }, 'none'],
  [{ cpuinfo: arm }, 'none'],
  [{ cpuinfo: arm, dmi: ['Ampere'] }, 'none'],
  [{ cpuinfo: guest }, 'vm-other'],
  [{ cpuinfo: guest, dmi: ['Standard PC (Q35 + ICH9, 2009)', 'QEMU'] }, 'qemu'],
  [{ cpuinfo: guest, dmi: ['QEMU'], clocks: 'kvm-clock tsc acpi_pm' }, 'kvm'],
  [{ cpuinfo: guest, clocks: 'kvm-clock tsc' }, 'kvm'],
  [{ cpuinfo: guest, clocks: 'hyperv_clocksource_tsc_page' }, 'microsoft'],
  [{ cpuinfo: guest, clocks: 'xen tsc' }, 'xen'],
  [{ cpuinfo: guest, dmi: ['OpenStack Nova'] }, 'kvm'],
  [{ cpuinfo: guest, dmi: ['KubeVirt'] }, 'kvm'],
  [{ cpuinfo: guest, dmi: ['c5.large', 'Amazon EC2'], clocks: 'kvm-clock' }, 'amazon'],
  [{ cpuinfo: real, dmi: ['c5.metal', 'Amazon EC2'] }, 'none'],
  [{ cpuinfo: guest, dmi: ['Google Compute Engine'] }, 'google'],
  [{ cpuinfo: guest, dmi: ['VMware Virtual Platform'] }, 'vmware'],
  [{ cpuinfo: guest, dmi: ['VMW71.00V'] }, 'vmware'],
  [{ cpuinfo: guest, dmi: ['innotek GmbH'] }, 'oracle'],
  [{ cpuinfo: guest, dmi: ['VirtualBox'] }, 'oracle'],
  [{ cpuinfo: guest, dmi: ['Xen'] }, 'xen'],
  [{ cpuinfo: guest, dmi: ['Bochs'] }, 'bochs'],
  [{ cpuinfo: guest, dmi: ['Parallels Software'] }, 'parallels'],
  [{ cpuinfo: guest, dmi: ['BHYVE'] }, 'bhyve'],
  [{ cpuinfo: guest, dmi: ['Hyper-V UEFI'] }, 'microsoft'],
  [{ cpuinfo: arm, dmi: ['Apple Virtualization Generic Platform'] }, 'apple'],
  [{ cpuinfo: arm, dmi: ['KVM Virtual Machine'] }, 'kvm'],
  [{ cpuinfo: arm, deviceTree: 'linux,kvm' }, 'kvm'],
  [{ cpuinfo: arm, deviceTree: 'xen,xen-4.16\0xen,xen' }, 'xen'],
  [{ cpuinfo: arm, deviceTree: 'vmware' }, 'vmware'],
  [{ cpuinfo: arm, deviceTree: 'acme' }, 'vm-other'],
  [{ hypervisor: 'xen' }, 'xen'],
  [{ hypervisor: 'xen', controlsXen: true, cpuinfo: guest }, 'none'],
  [{ sysinfo: 'VM00 Control Program: z/VM    7.3.0\n' }, 'zvm'],
  [{ sysinfo: 'VM00 Control Program: KVM/Linux\n' }, 'kvm'],
  [{ sysinfo: 'LPAR Name: A\n', cpuinfo: 'vendor_id : IBM/S390\n' }, 'none'],
]

t.test('what a machine runs on', async (t) => {
  for (const [facts, kind] of cases) {
    const found = virtualizationOf({ ...nothing, ...facts })
    const expected = kind === undefined || kind === 'none' ? kind && [kind] : ['vm', kind]
    t.strictSame(found, expected, JSON.stringify(facts))
  }
})

t.test('a container, whatever is below it', async (t) => {
  const inside: readonly (readonly [Partial<VirtualizationFacts>, string])[] = [
    [{ container: 'docker' }, 'docker'],
    [{ container: 'systemd-nspawn', docker: true }, 'systemd-nspawn'],
    [{ container: 'acme' }, 'container-other'],
    [{ container: 'oci' }, 'container-other'],
    [{ container: 'oci', docker: true }, 'docker'],
    [{ podman: true, docker: true }, 'podman'],
    [{ docker: true }, 'docker'],
    [{ openvz: true }, 'openvz'],
    [{ release: '5.15.90.1-microsoft-standard-WSL2' }, 'wsl'],
    [{ release: '4.4.0-19041-Microsoft', container: 'lxc' }, 'wsl'],
  ]
  for (const [facts, kind] of inside)
    t.strictSame(
      virtualizationOf({ ...nothing, cpuinfo: guest, ...facts }),
      ['container', kind],
      JSON.stringify(facts),
    )
})

t.test('whatever is found can be asked for', async (t) => {
  const found = cases.flatMap(([facts]) => virtualizationOf({ ...nothing, ...facts }) ?? [])
  for (const word of found) t.ok(machineKinds.includes(word), word)
  for (const word of virtualMachines) t.ok(found.includes(word), `${word} is found`)
  t.ok(containers.every((word) => machineKinds.includes(word)))
})
