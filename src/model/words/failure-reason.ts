/**
 * Every reason for which a command ends with an error, and what it means. Scripts rely on the
 * words; further ones may be added. The exit status and the error code say of what kind a failure
 * is, the reason says which one.
 */
export const failureReasons = {
  'wrong-words': 'a word, an option or its value is not understood, or two do not fit together',
  'not-whole': 'an amount of memory is no whole number of pages',
  'wrong-size': 'what was named has pages of another size',
  'no-file': 'a file or directory that was named does not exist',
  exists: 'a file is there already that was not to be replaced',
  'wrong-file': 'what was named is of a kind that cannot be used there, such as a symbolic link',
  'no-hugetlb': 'the kernel has no HugeTLB pools or no hugetlbfs',
  'no-size': 'there is no pool of this page size',
  'no-node': 'there is no such node, or it has no memory or no pool of this page size',
  'not-shown': 'the kernel does not show what is needed, or /sys or /proc is not mounted',
  'no-feature': 'this kernel or this machine cannot do it',
  'no-addon': 'the native addon cannot be loaded',
  recording: 'it cannot be done to a recorded machine',
  'no-systemd': 'systemd does not run here',
  'no-init': 'no program that starts a machine is found for which there is a service',
  'no-loader': 'a boot loader that is named is not known',
  'loader-failed': 'a program of the boot loader failed',
  cpuset: 'the cpuset of the process forbids these nodes or CPUs',
  'not-mounted': 'no hugetlbfs is mounted there, or none that can be used',
  occupied: 'something is mounted there already, or the directory is not empty',
  'other-type': 'another file system than hugetlbfs is mounted there',
  covered: 'another mount lies over it or in it',
  'other-options': 'a mount is there with other options, which a remount does not change',
  'not-ours': 'a line, unit or file is in the way that hugepool did not write',
  'not-trusted':
    'others than root can change a file that root obeys, or a link that it would follow',
  'wrong-place': 'node or hugepool lies where a start of the machine does not find it',
  otherwise: 'hugepool has it mounted at every start in another way',
  masked: 'a masked unit or file keeps it from being used',
  margin: 'too little memory would remain available',
  short: 'fewer pages can be had than are needed',
  'put-back': 'something fell short or failed, and all is as it was before',
  'not-put-back': 'something fell short or failed, and putting it back fell short as well',
  busy: 'somebody uses it',
  locked: 'another hugepool holds the lock',
  changed: 'somebody else changed it at the same moment',
  stopped: 'a signal stopped it',
  'not-root': 'it takes a privilege that this user does not have',
  'user-namespace': 'it takes a privilege that root of a user namespace does not have',
  forbidden:
    'root is refused it too: by a capability it lacks, a security module or the file system',
  'read-only': 'a file system is read-only',
  'no-permission': 'the owner or mode of a file or directory forbids it',
  'no-memory': 'the kernel has no memory for it',
  limit: 'a limit of files, processes, segments or memory is reached',
  'not-understood': 'a file of the kernel or of the machine says something unknown',
  damaged: 'a page was lost or differs from what was written',
  lost: 'a process of the test ended too early',
  kernel: 'the kernel refused it; the message has its answer',
  bug: 'a fault of hugepool itself',
} as const satisfies Readonly<Record<string, string>>

export type FailureReason = keyof typeof failureReasons
