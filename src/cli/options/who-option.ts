import { summings } from '../../model/processes/who/sum-holds.ts'

export const splitOption = {
  name: 'per-node',
  letter: 'N',
  help: 'print a line for every node that has pages of a holder',
  column: 'NODES',
}
export const allHoldersOption = {
  name: 'all',
  letter: 'a',
  help: 'look for every holder, also where all pages are explained',
}
export const byOption = {
  name: 'by',
  value: 'WHAT',
  choices: summings,
  columns: { container: 'CONTAINER', node: 'NODES' },
  help: 'add up by process, user, container, kind or node',
}
export const pidOption = {
  name: 'pid',
  value: 'PID',
  help: 'show only what this process holds',
}
export const heldPathOption = {
  name: 'path',
  value: 'FILE',
  help: 'show only who holds this file of a hugetlbfs',
}
export const heldMountOption = {
  name: 'mount',
  value: 'DIR',
  help: 'show only who holds files of the hugetlbfs that is mounted here',
}
export const noAttachOption = {
  name: 'no-attach',
  help: 'attach no SysV segment to see whether its pages are huge',
}
