import type { VirtualizationFacts } from '../../model/config/virtualization.ts'
import { present } from '../../model/words/present.ts'
import { isThere } from '../etc/etc-files.ts'
import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Reads a file of one line; undefined where it is empty or cannot be read. */
export const readOneWord = (tree: Tree, path: string): string | undefined =>
  readIfReadable(tree, path)?.replace(/\0$/, '').trim() || undefined

const dmiNames = ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor', 'product_version']

/** Reads `container` in the environment of process 1, which only root may read. */
const containerInEnvironment = (tree: Tree): string | undefined =>
  readIfReadable(tree, '/proc/1/environ')
    ?.split('\0')
    .find((variable) => variable.startsWith('container='))
    ?.slice('container='.length)

/** Reads the files that show which virtual machine or container a system runs in. */
export const readVirtualizationFacts = (tree: Tree): VirtualizationFacts =>
  present({
    container: readOneWord(tree, '/run/systemd/container') ?? containerInEnvironment(tree),
    docker: isThere(tree, '/.dockerenv'),
    podman: isThere(tree, '/run/.containerenv'),
    openvz: isThere(tree, '/proc/vz') && !isThere(tree, '/proc/bc'),
    release: readOneWord(tree, '/proc/sys/kernel/osrelease'),
    cpuinfo: readIfReadable(tree, '/proc/cpuinfo'),
    dmi: dmiNames.flatMap((name) => readOneWord(tree, `/sys/class/dmi/id/${name}`) ?? []),
    clocks: readOneWord(tree, '/sys/devices/system/clocksource/clocksource0/available_clocksource'),
    hypervisor: readOneWord(tree, '/sys/hypervisor/type'),
    controlsXen: readOneWord(tree, '/proc/xen/capabilities')?.includes('control_d') ?? false,
    sysinfo: readIfReadable(tree, '/proc/sysinfo'),
    deviceTree: readOneWord(tree, '/proc/device-tree/hypervisor/compatible'),
  })
