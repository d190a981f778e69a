import { vias } from '../../model/mapping/mapping-request.ts'

export const viaOption = {
  name: 'via',
  value: 'WAY',
  choices: vias,
  help: 'how to ask for pages: anon (mmap), file, memfd or shm (SysV)',
}
export const mountOption = {
  name: 'mount',
  value: 'DIR',
  help: 'map a file in this directory of a hugetlbfs (implies --via file)',
}
export const pathOption = {
  name: 'path',
  value: 'PATH',
  help: 'map this file of hugetlbfs or device; it is neither made nor deleted',
}
export const privateOption = {
  name: 'private',
  excludes: ['shared'],
  help: 'map for this process alone',
}
export const sharedOption = { name: 'shared', help: 'map for others as well' }
export const populateOption = { name: 'populate', help: 'have all pages faulted in by mmap' }
export const noreserveOption = { name: 'noreserve', help: 'reserve nothing beforehand' }
export const mapNodeOption = {
  name: 'node',
  value: 'NODES',
  help: 'map COUNT on each of these nodes: 0-3,5 or all',
}
export const mapPolicyOption = {
  name: 'mempolicy',
  value: 'POLICY',
  help: 'map and touch under bind:NODES, interleave:NODES or preferred:NODE',
}
export const threadsOption = {
  name: 'threads',
  value: 'N',
  help: 'touch pages by so many threads; as many as there are CPUs otherwise',
}
export const touchOption = {
  name: 'touch',
  value: 'N',
  help: 'touch the first N pages only; 0 just reserves',
}
export const stepsOption = {
  name: 'steps',
  help: 'read the counters after every page; of more than 64 pages, 16 times in all',
}
export const framesOption = { name: 'frames', help: 'show where each page lies in physical memory' }
export const verifyOption = {
  name: 'verify',
  help: 'write a pattern into the pages and read it back, also into a file of --path',
}
export const holdOption = {
  name: 'hold',
  value: 'DURATION',
  help: 'keep the pages for 500ms, 30s, 5m or 2h; Ctrl-C releases them',
}
export const processesOption = {
  name: 'processes',
  value: 'N',
  help: 'have N processes map the same pages, write a share each and check the rest',
}
export const forkOption = {
  name: 'fork',
  help: 'have a child write to every page: copies of a private mapping need further pages',
}
export const userOption = {
  name: 'user',
  value: 'USER',
  help: 'make the test as this user, by name or number, with its groups',
}
export const groupOption = {
  name: 'group',
  value: 'GROUP',
  help: 'with --user: in this group in place of its usual one',
}
export const cgroupOption = {
  name: 'cgroup',
  value: 'PATH',
  help: 'make the test in this cgroup, named as in /proc/PID/cgroup, or by its directory',
}
