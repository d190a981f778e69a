import type { StopSignal } from '../errors.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Mapper } from '../kernel/mapping/mapper.ts'
import type { Native } from '../kernel/native/native.ts'
import type { RunProgram } from '../kernel/run-program.ts'
import type { Tree } from '../kernel/tree.ts'
import type { Packaged } from '../model/packaged.ts'
import type { PageProgress } from '../model/page-progress.ts'

/** Notes signals that ask to stop, from the first `watchSignals` until all output is written. */
export interface SignalWatch {
  pending(): StopSignal | undefined
}

/** Everything outside the request that an operation reads, changes or reports to. */
export interface Ports extends Clock {
  readonly tree: Tree
  /** The native addon. Throws where the tree is not the running kernel or the addon is missing. */
  readonly native: () => Native
  /** Loads the code that maps and touches pages. Throws the same errors as `native`. */
  readonly mapper: () => Promise<Mapper>
  /**
   * The words of a command line that starts this program again: node, and the file that it runs, or
   * the program alone where it is one file.
   */
  readonly program?: readonly string[]
  /** The files of this program itself. */
  readonly packaged?: Packaged
  /** Runs a program of the machine; absent for a recorded machine. */
  readonly run?: RunProgram
  readonly watchSignals: () => SignalWatch
  /**
   * The descriptor of a socket that systemd passed to this process; undefined where there is none.
   */
  readonly passedSocket?: () => Promise<number | undefined>
  /** Writes a message for a person to stderr at once, as a note. */
  readonly note: (text: string) => void
  /**
   * Keeps a message until the result is known. Where the result falls short the message tells why;
   * otherwise it is a note.
   */
  readonly reason: (text: string) => void
  /**
   * Asks a question and waits for yes or no; undefined where nobody sits at a terminal to answer.
   */
  readonly ask?: (question: string) => boolean | undefined
  readonly progress: (progress: PageProgress) => void
  /**
   * Notes what was done to a file or directory, beside the writes of `tree` and the mounts of
   * `native`, which are noted already. An error that ends the command later is told with it.
   */
  readonly did?: (subject: string, words: string) => void
  /** Forgets what was taken back, or came to nothing. */
  readonly undid?: (subject: string) => void
}
