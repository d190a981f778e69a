/**
 * The directories of the administrator's programs. They are in a file of their own, because what
 * runs programs imports node:child_process, which takes 10 ms to load.
 */
export const programDirectories: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
]
