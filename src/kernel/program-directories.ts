/**
 * The directories of the programs that the system brings, in which every program is looked for that
 * hugepool starts. PATH is not asked, because whoever types may have set it, and /usr/local may
 * belong to a group (Debian: staff). They are in a file of their own, because what runs programs
 * imports node:child_process, which takes 10 ms to load.
 */
export const programDirectories: readonly string[] = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The whole environment of a program that hugepool starts: none of its own variables. */
export const programEnvironment: Readonly<Record<string, string>> = {
  PATH: programDirectories.join(':'),
  LC_ALL: 'C',
}
