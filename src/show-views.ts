import type { Showing, StyledScreen } from './cli/command.ts'
import { explain } from './kernel/errno.ts'
import type { Paint } from './output/colour.ts'
import { remarkLines } from './output/remarks.ts'
import { type Format, viewText } from './output/render.ts'
import type { Streams } from './output/streams.ts'
import type { View } from './output/view.ts'

/** Writes to standard output. Throws E_KERNEL where that fails. */
export const print = (streams: Streams, text: string): void => {
  try {
    streams.out(text)
  } catch (error) {
    throw explain(error, 'standard output')
  }
}

/** How views are shown. */
interface Style {
  readonly format: Format
  readonly quiet: boolean
  readonly paint: () => Promise<Paint>
}

const isAligned = ({ json, raw, pairs = false }: Format): boolean => !(json || raw || pairs)

/**
 * Makes a function that shows views one after the other, and tells of each whether anybody still
 * reads. An empty line parts tables that people read. A sentence is said again only after a view
 * that did not have it.
 */
export const viewsShown = (streams: Streams, { format, quiet, paint }: Style) => {
  let parting = ''
  let said: readonly string[] = []
  return async (view: View): Promise<boolean> => {
    print(streams, `${parting}${await viewText(view, format, await paint())}`)
    parting = isAligned(format) ? '\n' : ''
    const lines = remarkLines(view, { failed: false, quiet }, await paint())
    for (const line of lines) if (!said.includes(line)) streams.err(line)
    said = lines
    return !(streams.outIsClosed?.() ?? false)
  }
}

/** Fills the terminal; undefined where there is none, and where a program is to read the output. */
const styledScreen = async (
  streams: Streams,
  { format, paint }: Style,
): Promise<StyledScreen | undefined> => {
  if (!isAligned(format)) return undefined
  const screen = await (await import('./output/telemetry/whole-screen.ts')).openScreen(streams)
  return screen && { ...screen, format, paint: await paint() }
}

/** Makes the ways in which a command shows what it finds while it runs. */
export const showingOn = (streams: Streams, style: Style): Showing<View> => ({
  show: viewsShown(streams, style),
  screen: () => styledScreen(streams, style),
})
