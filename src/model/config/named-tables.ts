import { usage } from '../../errors.ts'
import { type ConfigFault, faultsOf, keyText } from './config-fault.ts'

/** A table, and its name as the file spells it: one name has several spellings. */
export interface NamedTable<Table> {
  readonly name: string
  readonly table: Table
}

/** Tables by what their names mean. */
export type NamedTables<Name, Table> = ReadonlyMap<Name, NamedTable<Table>>

/**
 * Reads the names of the tables under one key, by a parser that throws E_USAGE. Two spellings of
 * one name are a fault of the second, because in one file both cannot be meant.
 */
export const namedTables = <Name, Table>(
  kind: string,
  tables: Readonly<Record<string, Table>> | undefined,
  parse: (name: string) => Name,
): { readonly named: NamedTables<Name, Table>; readonly faults: readonly ConfigFault[] } => {
  const named = new Map<Name, NamedTable<Table>>()
  const add = (name: string, table: Table): void => {
    const meaning = parse(name)
    const before = named.get(meaning)
    if (before !== undefined)
      throw usage(`is the same as ${kind}.${keyText(before.name)}`, 'put both into one table')
    named.set(meaning, { name, table })
  }
  const faults = Object.entries(tables ?? {}).flatMap(([name, table]) =>
    faultsOf([kind, name], () => add(name, table)),
  )
  return { named, faults }
}
