/**
 * The names of all checks, in the order in which the kernel meets what they look at, each with a
 * sentence on what it looks at. Scripts rely on the names.
 */
export const checkSummaries = {
  'page-size': 'Whether the kernel has a pool of pages of this size.',
  alignment: 'Whether the amount of memory is a whole number of pages.',
  policy:
    'Whether the nodes that were named have memory; where none were, the memory policy that the process has already, unless one node alone has memory.',
  cpuset: 'Whether the cpuset of the process allows nodes that the policy allows too.',
  'user-namespace':
    'Whether a user namespace takes privileges away: its root is not that of the machine.',
  mount: 'Whether a hugetlbfs with pages of this size is mounted where the file is to be.',
  'mount-hidden': 'Whether another mount lies over it, so that its path leads elsewhere.',
  'mount-read-only': 'Whether it is mounted for writing.',
  'mount-permission': 'Whether the user may make files in the directory.',
  noexec: 'Whether code may be mapped from it.',
  'mount-inodes': 'Whether its limit on the number of files leaves room.',
  'memfd-noexec': 'Whether vm.memfd_noexec refuses a memfd that may be executed.',
  'file-size': 'Whether RLIMIT_FSIZE would kill a program that sets the length of its file.',
  shmmax: 'Whether one segment may be so large.',
  shmall: 'Whether all segments together may be so large.',
  'shm-group':
    'Whether the user may make segments of huge pages: vm.hugetlb_shm_group or CAP_IPC_LOCK.',
  shmmni: 'Whether another segment may be made.',
  'address-space':
    'Whether RLIMIT_AS, RLIMIT_DATA and the processor leave room for so much memory.',
  'map-count': 'Whether the process may have another mapping (vm.max_map_count).',
  memlock:
    'Whether RLIMIT_MEMLOCK is in the way, which counts for shm before Linux 5.18 and for programs that lock their memory.',
  'cgroup-rsvd': 'Whether every cgroup above the process lets it reserve the pages.',
  'mount-size': 'Whether the size limit of the mount leaves room.',
  'mount-min-size': 'How many pages the mount keeps reserved for its files.',
  available: 'Whether the pool has so many pages available, with those that overcommit may add.',
  'surplus-memory':
    'Whether there is memory for the surplus pages that have to be made, which cannot be told where it is in pieces.',
  'node-free': 'Whether the nodes from which the pages have to come have so many free.',
  'cgroup-max': 'Whether every cgroup above the process lets it touch the pages.',
  'cgroup-memory': 'Whether the memory limits of its cgroups do, where huge pages count as memory.',
  'copy-on-write': 'Whether a child that writes after fork(2) gets pages for its copies.',
} as const satisfies Readonly<Record<string, string>>

export type CheckName = keyof typeof checkSummaries

export const namesOfChecks = Object.keys(checkSummaries) as readonly CheckName[]
