import { usage } from '../../errors.ts'
import type { Json } from '../../model/json.ts'
import { type DescribedName, documentNames, isDocumentName } from '../../output/document-names.ts'
import { define, type Words } from '../command.ts'
import { suggestion } from '../suggest.ts'

/** A schema that was asked for, or one of all documents. */
interface ShownSchema {
  readonly name?: DescribedName
  readonly schema: Readonly<Record<string, Json>>
}

const resolve = ({ operands: [name] }: Words): DescribedName | undefined => {
  if (name === undefined || isDocumentName(name)) return name
  const meant = suggestion(name, documentNames)
  throw usage(
    `'${name}' is not a document`,
    meant === undefined
      ? `the documents are ${documentNames.join(', ')}`
      : `did you mean ${meant}?`,
  )
}

const load = async (name: DescribedName | undefined): Promise<ShownSchema> => {
  const { jsonSchemaOf, jsonSchemaOfAll } = await import('../../output/schemas/json-schemas.ts')
  return name === undefined ? { schema: jsonSchemaOfAll() } : { name, schema: jsonSchemaOf(name) }
}

export const schemaCommand = define<'schema', DescribedName | undefined, ShownSchema>({
  details: [
    'Of draft 2020-12: of what each command prints with --json, of errors, and of the files of the',
    'configuration, which is called config: their TOML has the same tables. NAME is the name of a',
    'command, error, or config. Without NAME one schema of all documents is printed.',
  ],
  operands: { usage: '[NAME]', least: 0, most: 1, completes: 'schema' },
  options: [],
  columns: [],
  examples: [
    { line: 'hugepool schema config > hugepool.schema.json', meaning: 'for an editor' },
    { line: 'hugepool schema list', meaning: "of 'hugepool list --json'" },
    { line: 'hugepool schema > documents.schema.json', meaning: 'of every document' },
  ],
  resolve,
  run: load,
  view: (shown) => ({
    lines: [JSON.stringify(shown.schema, undefined, 2)],
    document: () =>
      shown.name === undefined ? { schemas: [...documentNames], ...shown } : { ...shown },
    words: [],
    hints: [],
    partial: false,
  }),
})
