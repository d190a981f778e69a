import type { Octets } from '../../etc/octets.ts'
import { directoryAbove } from '../../etc/path-parts.ts'

/** What a boot loader is known by, and where its words are: absolute paths of a machine. */
export interface LoaderPlaces {
  /** Files that are read where they are there. */
  readonly texts?: readonly string[]
  /** Directories of which every file is read. */
  readonly folders?: readonly string[]
  /** Files and directories of which it only counts whether they are there. */
  readonly marks?: readonly string[]
  /** Programs by name, which are looked for in the directories of the administrator. */
  readonly programs?: readonly string[]
  /** Programs to ask, each where it is there and all marks are. */
  readonly asks?: readonly (readonly string[])[]
}

/** What is found in the places of all boot loaders. */
export interface BootFiles {
  /** Texts by path; what is not there or cannot be read has none. */
  readonly texts: ReadonlyMap<string, Octets>
  readonly marks: ReadonlySet<string>
  readonly programs: ReadonlySet<string>
  /** What programs printed that were asked and did not fail, by their words. */
  readonly answers: ReadonlyMap<string, string>
  /** The files of the kernels that are installed, by release. */
  readonly images: ReadonlyMap<string, string>
  /** The release of the running kernel; empty where it is not known. */
  readonly release: string
  /** The architecture as uname(2) names it; empty where it is not known. */
  readonly architecture: string
}

/** The texts of the files in a directory that end in a suffix, in the order of their names. */
export const textsIn = (
  { texts }: BootFiles,
  folder: string,
  suffix: string,
): readonly (readonly [path: string, text: Octets])[] =>
  [...texts]
    .filter(([path]) => directoryAbove(path) === folder && path.endsWith(suffix))
    .sort(([one], [other]) => (one < other ? -1 : 1))

/** A value of /etc/os-release or another file of assignments, without its quotes. */
export const assigned = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, 'm').exec(text)?.[1]
