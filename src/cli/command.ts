import type { Ports } from '../operations/ports.ts'
import type { ColumnInfo } from '../output/columns.ts'
import type { Document, DocumentName } from '../output/schemas/documents.ts'
import type { View } from '../output/view.ts'
import type { Option } from './options/option.ts'

/** What was typed after the name of a command. */
export interface Words {
  readonly operands: readonly string[]
  readonly values: Readonly<Record<string, string>>
  readonly switches: ReadonlySet<string>
}

export interface Operands {
  /** As shown in the usage line: `[SIZE...]`. */
  readonly usage: string
  readonly least: number
  readonly most: number
  /** What completion offers for one. */
  readonly completes: 'size' | 'assignment' | 'shell' | 'directory' | 'mount'
}

export interface Example {
  readonly line: string
  readonly meaning: string
}

/** What is told of a command without running it. */
export interface CommandInfo {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  /** A few sentences of help: what it does that its summary cannot say. */
  readonly details: readonly string[]
  readonly operands: Operands
  /** Its own options; the common ones come on top. */
  readonly options: readonly Option[]
  readonly columns: readonly ColumnInfo[]
  readonly examples: readonly Example[]
}

/** What was typed, what is meant, what is done and what is shown: three steps and a view. */
export interface Command<Name extends DocumentName, Request, Result> extends CommandInfo {
  readonly name: Name
  /** Words to a request; throws E_USAGE. Touches nothing. */
  readonly resolve: (words: Words) => Request
  readonly run: (request: Request, ports: Ports) => Promise<Result>
  readonly view: (result: Result, request: Request) => View<Document<Name>>
}

/** A command as the rest of the program sees it: its words become something that can be run. */
export interface AnyCommand extends CommandInfo {
  readonly prepare: (words: Words) => (ports: Ports) => Promise<View>
}

/** Hides the types of a command's request and result. */
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
