import type { Ports } from '../operations/ports.ts'
import type { ColumnInfo } from '../output/columns.ts'
import type { Document, DocumentName } from '../output/schemas/documents.ts'
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
    | 'directory'
    | 'mount'
    | 'file'
    | 'huge file'
    | 'service'
}

export interface Example {
  readonly line: string
  readonly meaning: string
}

/** The facts about a command that can be told without running it. */
export interface CommandInfo {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  /** A few sentences of help on what the summary cannot say. */
  readonly details: readonly string[]
  readonly operands: Operands
  /** The options of this command without the common ones. */
  readonly options: readonly Option[]
  readonly columns: readonly ColumnInfo[]
  readonly examples: readonly Example[]
}

/**
 * A command in three steps: `resolve` reads the words, `run` does the work, `view` shows the
 * result.
 */
export interface Command<Name extends DocumentName, Request, Result> extends CommandInfo {
  readonly name: Name
  /** Turns words into a request without touching the machine. Throws E_USAGE for wrong words. */
  readonly resolve: (words: Words) => Request
  readonly run: (request: Request, ports: Ports) => Promise<Result>
  readonly view: (result: Result, request: Request) => View<Document<Name>>
}

/**
 * A command as the rest of the program sees it. `prepare` turns words into a function that runs it.
 */
export interface AnyCommand extends CommandInfo {
  readonly prepare: (words: Words) => (ports: Ports) => Promise<View>
}

/** Makes a command whose types of request and result are hidden. */
export const define = <Name extends DocumentName, Request, Result>(
  command: Command<Name, Request, Result>,
): AnyCommand => {
  const { resolve, run, view, ...rest } = command
  return {
    ...rest,
    prepare: (words) => {
      const request = resolve(words)
      return async (ports) => view(await run(request, ports), request)
    },
  }
}
