import type { Ports } from '../operations/ports.ts'
import type { Paint } from '../output/colour.ts'
import type { ColumnInfo } from '../output/columns.ts'
import type { Format } from '../output/render.ts'
import type { Document, DocumentName } from '../output/schemas/documents.ts'
import type { WholeScreen } from '../output/telemetry/whole-screen.ts'
import type { View } from '../output/view.ts'
import type { Option } from './options/option.ts'

/** The words of a command line other than the name of the command. */
export interface Words {
  readonly operands: readonly string[]
  readonly values: Readonly<Record<string, string>>
  readonly switches: ReadonlySet<string>
}

export interface Operands {
  /** The operands as the usage line shows them, such as `[SIZE...]`. */
  readonly usage: string
  readonly least: number
  readonly most: number
  /** What completion offers for an operand. */
  readonly completes:
    | 'size'
    | 'assignment'
    | 'schema'
    | 'shell'
    | 'page'
    | 'directory'
    | 'mount'
    | 'file'
    | 'huge file'
    | 'service'
    | 'setting'
}

export interface Example {
  readonly line: string
  readonly meaning: string
}

/** What can be told of a command without loading its file. */
export interface CommandName {
  readonly name: DocumentName
  readonly aliases: readonly string[]
  readonly summary: string
}

/** The facts about a command that can be told without running it. */
export interface CommandInfo {
  /** A few sentences of help on what the summary cannot say. */
  readonly details: readonly string[]
  readonly operands: Operands
  /** The options of this command without the common ones. */
  readonly options: readonly Option[]
  readonly columns: readonly ColumnInfo[]
  readonly examples: readonly Example[]
}

/** Shows results of a command while it still runs. */
export interface Showing<Result> {
  /**
   * Shows a result, and tells whether anybody still reads: a command that runs for long ends with a
   * closed pipe.
   */
  readonly show: (result: Result) => Promise<boolean>
  /**
   * Fills the terminal, where there is one and a person is to read the result; otherwise undefined.
   */
  readonly screen: () => Promise<StyledScreen | undefined>
}

/** A screen, and how text is written on it. */
export interface StyledScreen extends WholeScreen {
  readonly format: Format
  readonly paint: Paint
}

/**
 * A command in three steps: `resolve` reads the words, `run` does the work, `view` shows the
 * result. A command that runs for long shows results on the way.
 */
export interface Command<Name extends DocumentName, Request, Result> extends CommandInfo {
  /** Turns words into a request without touching the machine. Throws E_USAGE for wrong words. */
  readonly resolve: (words: Words) => Request
  readonly run: (request: Request, ports: Ports, showing: Showing<Result>) => Promise<Result>
  readonly view: (result: Result, request: Request) => View<Document<Name>>
}

/**
 * What the file of a command says of it. `prepare` turns words into a function that runs it.
 */
export interface DefinedCommand extends CommandInfo {
  readonly prepare: (words: Words) => (ports: Ports, showing: Showing<View>) => Promise<View>
}

/** A command as the rest of the program sees it. */
export interface AnyCommand extends CommandName, DefinedCommand {}

/** Makes a command whose types of request and result are hidden. */
export const define = <Name extends DocumentName, Request, Result>(
  command: Command<Name, Request, Result>,
): DefinedCommand => {
  const { resolve, run, view, ...rest } = command
  return {
    ...rest,
    prepare: (words) => {
      const request = resolve(words)
      return async (ports, { show, ...rest }) => {
        const showing = { ...rest, show: (result: Result) => show(view(result, request)) }
        return view(await run(request, ports, showing), request)
      }
    },
  }
}
