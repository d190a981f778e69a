import { helpCommand } from './cli/command-index.ts'
import { asksForJson, typedColour } from './cli/settings.ts'
import { HugepoolError } from './errors.ts'
import { callOf, explain, isShortage, pathOf } from './kernel/errno.ts'
import { visibleLines } from './model/etc/octal-escapes.ts'
import { loadPaint, type Paint, plain, wantsColour } from './output/colour.ts'
import { errorLines, errorText } from './output/render.ts'
import type { Streams } from './output/streams.ts'

/** Turns the stack of an error into places in the sources, one line per call. */
export type FrameSource = (stack: string) => Promise<string>

/** What a file answers that nobody expected to be asked about, such as a part of the program. */
const missing = { code: 'E_KERNEL', reason: 'no-file', words: 'no such file or directory' } as const

/**
 * Turns what was thrown into an error in hugepool's words. Where a system call failed, or the machine
 * had no descriptor or no memory, even to load a part of the program, the kernel has refused
 * something; anything else is a fault.
 */
export const asHugepoolError = (thrown: unknown): HugepoolError => {
  const call = callOf(thrown)
  const told =
    call === undefined && !isShortage(thrown)
      ? thrown
      : explain(thrown, pathOf(thrown) ?? call ?? 'the kernel', { ENOENT: missing })
  if (told instanceof HugepoolError) return told
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new HugepoolError(
    'E_BUG',
    'bug',
    `a fault of hugepool: ${message}`,
    'please report it with the command line',
  )
}

/**
 * Gives an error about wrong words the hint for people who know another tool. The words of other
 * tools are loaded only here.
 */
export const bridged = async (
  error: HugepoolError,
  typed: readonly string[],
): Promise<HugepoolError> =>
  error.code === 'E_USAGE'
    ? (await import('./cli/foreign-hint.ts')).withBridge(error, typed)
    : error

/** Writes to standard error the place of a fault in the sources. */
export const sayFrames = async (
  thrown: unknown,
  { streams, frames }: { readonly streams: Streams; readonly frames?: FrameSource },
): Promise<void> => {
  if (thrown instanceof Error && thrown.stack !== undefined && frames !== undefined)
    streams.err(visibleLines(await frames(thrown.stack)))
}

/**
 * Loads the paint for an error. Where even that cannot be loaded, the error is told without colour.
 */
const paintFor = async (typed: readonly string[], streams: Streams): Promise<Paint> => {
  if (!wantsColour(typedColour(typed), streams.errIsTerminal, streams.environment)) return plain
  try {
    return await loadPaint()
  } catch {
    return plain
  }
}

/** What standard error had before an error, and what was done to the machine by then. */
interface SaidBefore {
  readonly notes: readonly string[]
  readonly done: readonly string[]
}

/**
 * Reports an error in words on standard error, and as a document where JSON was asked for. No notes
 * come after those in `notes`, which were said already.
 */
export const sayError = async (
  error: HugepoolError,
  typed: readonly string[],
  { streams, notes, done }: { readonly streams: Streams } & SaidBefore,
): Promise<void> => {
  streams.err(errorLines(error, await paintFor(typed, streams), done))
  if (error.code === 'E_USAGE') streams.err(`try '${await helpCommand(typed)}'\n`)
  try {
    if (asksForJson(typed)) streams.out(errorText(error, notes, done))
  } catch {
    // The error may be about standard output itself; standard error has told it already.
  }
}
