import t from 'tap'
import {
  readOneWord,
  readVirtualizationFacts,
} from '../../../src/kernel/config/virtualization-facts.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('every file that tells something', async (t) => {
  const root = temporary(t)
  scratch(root, {
    '/run/systemd/container': 'podman\n',
    '/proc/1/environ': 'PATH=/bin\0container=lxc\0',
    '/.dockerenv': '',
    '/run/.containerenv': '',
    '/proc/vz/x': '',
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    '/proc/cpuinfo': 'flags\t: lm\n',
    '/sys/class/dmi/id/product_name': 'KVM\n',
    '/sys/class/dmi/id/sys_vendor': '\n',
    '/sys/class/dmi/id/board_vendor': 'a\n',
    '/sys/class/dmi/id/bios_vendor': 'b\n',
    '/sys/class/dmi/id/product_version': 'c\n',
    '/sys/class/dmi/id/other': 'd\n',
    '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'kvm-clock tsc \n',
    '/sys/hypervisor/type': 'xen\n',
    '/proc/xen/capabilities': 'control_d\n',
    '/proc/sysinfo': 'Type: 1\n',
    '/proc/device-tree/hypervisor/compatible': 'linux,kvm\0',
  })
  t.strictSame(readVirtualizationFacts(directoryTree(root)), {
    container: 'podman',
    docker: true,
    podman: true,
    openvz: true,
    release: '6.1.0',
    cpuinfo: 'flags\t: lm\n',
    dmi: ['KVM', 'a', 'b', 'c'],
    clocks: 'kvm-clock tsc',
    hypervisor: 'xen',
    controlsXen: true,
    sysinfo: 'Type: 1\n',
    deviceTree: 'linux,kvm',
  })
})

t.test('nothing, and the environment of process 1', async (t) => {
  const nothing = { docker: false, podman: false, openvz: false, dmi: [], controlsXen: false }
  const root = temporary(t)
  t.strictSame(readVirtualizationFacts(directoryTree(root)), nothing)
  scratch(root, {
    '/proc/1/environ': 'xcontainer=a\0container=lxc\0',
    '/proc/vz/x': '',
    '/proc/bc/x': '',
    '/proc/xen/capabilities': '\n',
  })
  t.strictSame(readVirtualizationFacts(directoryTree(root)), { ...nothing, container: 'lxc' })
})

t.test('a word of a file', async (t) => {
  const root = temporary(t)
  scratch(root, { '/a': ' x y \n', '/b': '\n', '/c': 'z\0' })
  const tree = directoryTree(root)
  t.strictSame(
    ['/a', '/b', '/c', '/d', '/'].map((path) => readOneWord(tree, path)),
    ['x y', undefined, 'z', undefined, undefined],
  )
})
