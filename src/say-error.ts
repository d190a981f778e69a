import { helpCommand } from './cli/find-command.ts'
import { asksForJson, typedColour } from './cli/settings.ts'
import { HugepoolError } from './errors.ts'
import { loadPaint, plain, wantsColour } from './output/colour.ts'
import { errorLines, errorText } from './output/render.ts'
import type { Streams } from './output/streams.ts'

/** Gives the places in the sources that the stack of an error leads through, a line for each call. */
export type FrameSource = (stack: string) => Promise<string>

const asHugepoolError = (thrown: unknown): HugepoolError => {
  if (thrown instanceof HugepoolError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new HugepoolError(
    'E_BUG',
    `a fault of hugepool: ${message}`,
    'please report it with the command line',
  )
}

const sayFrames = async (
  thrown: unknown,
  streams: Streams,
  frames: FrameSource | undefined,
): Promise<void> => {
  if (thrown instanceof Error && thrown.stack !== undefined && frames !== undefined)
    streams.err(await frames(thrown.stack))
}

/**
 * Says what a command line threw: in words on standard error, and as a document where one was asked
 * for. What is no error of hugepool's is a fault of it, and is said with its place in the sources.
 */
export const sayError = async (
  thrown: unknown,
  typed: readonly string[],
  { streams, frames }: { readonly streams: Streams; readonly frames?: FrameSource },
): Promise<HugepoolError> => {
  const error = asHugepoolError(thrown)
  const colourful = wantsColour(typedColour(typed), streams.errIsTerminal, streams.environment)
  streams.err(errorLines(error, colourful ? await loadPaint() : plain))
  if (error.code === 'E_USAGE') streams.err(`try '${helpCommand(typed)}'\n`)
  try {
    if (asksForJson(typed)) streams.out(errorText(error))
  } catch {
    // A standard output that takes nothing is what the error may be about; it has been said.
  }
  if (error.code === 'E_BUG') await sayFrames(thrown, streams, frames)
  return error
}
