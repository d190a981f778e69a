import type { Octets } from '../../etc/octets.ts'
import { directoryAbove } from '../../etc/path-parts.ts'

/**
 * The traces by which a boot loader is known, and the files in which its words are, as absolute
 * paths of a machine.
 */
export interface LoaderTraces {
  /** Files that are read where they exist. */
  readonly texts?: readonly string[]
  /** Directories of which every file is read. */
  readonly folders?: readonly string[]
  /** Files and directories of which matters only whether they exist. */
  readonly marks?: readonly string[]
  /** The names of programs, which are looked for in the usual directories of programs. */
  readonly programs?: readonly string[]
  /** The command lines of programs that are asked where the program and all of `marks` exist. */
  readonly asks?: readonly (readonly string[])[]
}

/** What is found of the traces of all boot loaders. */
export interface BootFiles {
  /** Texts by path. What does not exist or cannot be read has none. */
  readonly texts: ReadonlyMap<string, Octets>
  readonly marks: ReadonlySet<string>
  readonly programs: ReadonlySet<string>
  /**
   * What the programs printed that were asked, by their command lines. Those that failed are left
   * out.
   */
  readonly answers: ReadonlyMap<string, string>
  /** The paths of the kernels that are installed, by release. */
  readonly images: ReadonlyMap<string, string>
  /** The release of the running kernel; empty where it is not known. */
  readonly release: string
  /** The architecture as uname(2) names it; empty where it is not known. */
  readonly architecture: string
}

/**
 * Returns the texts of the files in a directory whose names end in a suffix, in the order of the
 * names.
 */
export const textsIn = (
  { texts }: BootFiles,
  folder: string,
  suffix: string,
): readonly (readonly [path: string, text: Octets])[] =>
  [...texts]
    .filter(([path]) => directoryAbove(path) === folder && path.endsWith(suffix))
    .sort(([one], [other]) => (one < other ? -1 : 1))

/**
 * Reads a value of /etc/os-release or another file of assignments, without its quotes; undefined
 * where nothing assigns it.
 */
export const assigned = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, 'm').exec(text)?.[1]
