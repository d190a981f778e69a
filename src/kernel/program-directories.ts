/**
 * Where the programs of the administrator are. It stands apart from what runs them, because
 * node:child_process takes 10 ms to load.
 */
export const programDirectories: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
]
