import type { BootFiles, LoaderTraces } from './boot-files.ts'

/** An entry that a boot loader has made of its configuration, and that it can boot. */
export interface BootEntry {
  readonly path: string
  readonly title: string
  /** The release of its kernel, where the entry tells it. */
  readonly release?: string
  /** The command line without what the boot loader adds. */
  readonly line: string
}

/** Words about HugeTLB that others wrote. */
export interface OthersWords {
  readonly path: string
  readonly words: string
}

/** The words that a line is to have, and whether it loses words of others. */
export interface WordsRequest {
  /** The words that are to be there; empty where none are. */
  readonly wanted: string
  /** Whether words of others go too; otherwise only those of hugepool. */
  readonly takesOver: boolean
}

/** The one file of a boot loader that is written. */
export interface LoaderFile {
  readonly path: string
  /** Whether all of the file is hugepool's; otherwise a line of others in it is edited. */
  readonly isOwn: boolean
  /** The text that is edited where the file does not exist yet. */
  readonly start?: string
  /**
   * The path to which the text of others is copied before the write, so that a machine that does
   * not boot any more can be mended by hand.
   */
  readonly backup?: string
  /** Picks out the part of an edited file that means something; absent where all of it does. */
  readonly read?: (text: string) => string
  /**
   * Whether the commands would take the line of the running kernel without the file, so that it may
   * go only after them.
   */
  readonly staysForCommands?: boolean
  readonly write: (before: string, request: WordsRequest) => string
}

/** A boot loader through which hugepool can install words. */
export interface InstallingLoader {
  readonly kind: 'install'
  readonly name: string
  /** The name by which a person knows it. */
  readonly title: string
  readonly traces: LoaderTraces
  readonly isHere: (files: BootFiles) => boolean
  readonly file?: (files: BootFiles) => LoaderFile
  /** Programs to run once the file is written, in their order. */
  readonly commands: (files: BootFiles, request: WordsRequest) => readonly (readonly string[])[]
  /** The entries, the one that is booted without a choice first. */
  readonly entries: (files: BootFiles) => readonly BootEntry[]
  /** Words of others that stand elsewhere than in the entries and the file. */
  readonly foreign?: (files: BootFiles) => readonly OthersWords[]
  /** Why words of others cannot be taken over; absent where they can. */
  readonly cannotTakeOver?: string
  /** How a person starts the machine once without the words. */
  readonly once: string
}

/** A boot loader whose configuration a person has to change. */
export interface PrintedLoader {
  readonly kind: 'print'
  readonly name: string
  readonly title: string
  readonly traces: LoaderTraces
  readonly isHere: (files: BootFiles) => boolean
  /** What a person types, one line each. */
  readonly lines: (words: string) => readonly string[]
}

export type LoaderRow = InstallingLoader | PrintedLoader
