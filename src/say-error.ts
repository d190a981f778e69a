import { helpCommand } from './cli/command-index.ts'
import { asksForJson, typedColour } from './cli/settings.ts'
import { HugepoolError } from './errors.ts'
import { loadPaint, plain, wantsColour } from './output/colour.ts'
import { errorLines, errorText } from './output/render.ts'
import type { Streams } from './output/streams.ts'

/** Turns the stack of an error into places in the sources, one line per call. */
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

/** The words of other tools are looked up only here, where words were wrong. */
const bridged = async (error: HugepoolError, typed: readonly string[]): Promise<HugepoolError> =>
  error.code === 'E_USAGE' ? (await import('./cli/bridge.ts')).withBridge(error, typed) : error

const sayFrames = async (
  thrown: unknown,
  streams: Streams,
  frames: FrameSource | undefined,
): Promise<void> => {
  if (thrown instanceof Error && thrown.stack !== undefined && frames !== undefined)
    streams.err(await frames(thrown.stack))
}

/**
 * Reports what a command line threw: in words on standard error, and as a document where JSON was
 * asked for. Anything but a HugepoolError is a fault of hugepool and is reported with its place in
 * the sources.
 */
export const sayError = async (
  thrown: unknown,
  typed: readonly string[],
  { streams, frames }: { readonly streams: Streams; readonly frames?: FrameSource },
): Promise<HugepoolError> => {
  const error = await bridged(asHugepoolError(thrown), typed)
  const colourful = wantsColour(typedColour(typed), streams.errIsTerminal, streams.environment)
  streams.err(errorLines(error, colourful ? await loadPaint() : plain))
  if (error.code === 'E_USAGE') streams.err(`try '${helpCommand(typed)}'\n`)
  try {
    if (asksForJson(typed)) streams.out(errorText(error))
  } catch {
    // The error may be about standard output itself; standard error has told it already.
  }
  if (error.code === 'E_BUG') await sayFrames(thrown, streams, frames)
  return error
}
