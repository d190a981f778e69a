import type { Bytes } from '../words/bytes.ts'

/** The areas of the memory of a process, in bytes. */
export interface ProgramAreas {
  /** All areas of huge pages together. */
  readonly huge: Bytes
  /** The largest private area that no file stands behind, and that can be written to. */
  readonly largestPrivate: Bytes
  /** The largest shared area that no file stands behind. */
  readonly largestShared: Bytes
}

/** A process of a program that can use huge pages, and of which is known how it is told to. */
export interface LargeProgram {
  readonly pid: number
  readonly command: string
  /** The words of its command line. */
  readonly words: readonly string[]
  /** Absent where it may not be looked into. */
  readonly areas?: ProgramAreas
  /** The text of its configuration, where it has one that can be read. */
  readonly settings?: string
}

/** The process with the most memory in base pages. */
export interface LargestProcess {
  readonly pid: number
  readonly command: string
  readonly resident: Bytes
}

/** What one look at all processes found. */
export interface LargePrograms {
  readonly programs: readonly LargeProgram[]
  /** Absent where no process is seen. */
  readonly largest?: LargestProcess
}
