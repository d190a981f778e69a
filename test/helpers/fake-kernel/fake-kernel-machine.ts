import { systemError } from './fake-kernel-errors.ts'
import type { NamedFile } from './fake-kernel-files.ts'
import { nodeList, parseSysctl } from './fake-kernel-numbers.ts'
import { type KernelState, memoryNodes, type NodeState, since } from './fake-kernel-state.ts'
import { auxv, buddyinfo, meminfo, nodeMeminfo, status } from './fake-kernel-text.ts'

const compact = (node: NodeState): void => {
  node.fragmented = 0n
}

/** From 6.5 on the sysctl takes 1 and nothing else (mm/compaction.c). */
const compactAll = (state: KernelState, text: string): void => {
  if (since(state, '6.5') && parseSysctl(text, true) !== 1n) throw systemError('EINVAL', 'write')
  for (const node of state.nodes) compact(node)
}

const nodeFiles = (state: KernelState): readonly NamedFile[] => {
  const directory = '/sys/devices/system/node'
  const all = state.nodes.map((node) => node.id)
  return [
    [`${directory}/possible`, { read: () => `${nodeList(all)}\n` }],
    [`${directory}/online`, { read: () => `${nodeList(all)}\n` }],
    [`${directory}/has_memory`, { read: () => `${nodeList(memoryNodes(state))}\n` }],
    ...state.nodes.flatMap((node): readonly NamedFile[] => [
      [`${directory}/node${node.id}/meminfo`, { read: () => nodeMeminfo(state, node) }],
      [`${directory}/node${node.id}/compact`, { write: () => compact(node) }],
    ]),
  ]
}

/** Group 0 may make segments until another one is written; the sysctl takes no text (kernel/sysctl.c). */
const groupFile = (): NamedFile => {
  let group = 0n
  const write = (text: string) => {
    const number = parseSysctl(text, true)
    if (number === undefined) throw systemError('EINVAL', 'write')
    group = number
  }
  return ['/proc/sys/vm/hugetlb_shm_group', { read: () => `${group}\n`, write }]
}

/** Every file but those of the pools. */
export const machineFiles = (state: KernelState): readonly NamedFile[] => [
  ['/proc/meminfo', { read: () => meminfo(state) }],
  ['/proc/buddyinfo', { read: () => buddyinfo(state) }],
  ['/proc/self/status', { read: () => status(state) }],
  ['/proc/self/auxv', { read: () => auxv(state) }],
  ['/proc/cmdline', { read: () => 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro quiet\n' }],
  ['/proc/sys/kernel/osrelease', { read: () => `${state.release}\n` }],
  ['/proc/sys/vm/compact_memory', { write: (text) => compactAll(state, text) }],
  groupFile(),
  ...(state.numa ? nodeFiles(state) : []),
]
