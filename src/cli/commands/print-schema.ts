import { usage } from '../../errors.ts'
import type { Json } from '../../model/json.ts'
import { type DescribedName, documentNames, isDocumentName } from '../../output/document-names.ts'
import { define, type Words } from '../command.ts'
import { suggestion } from '../suggest.ts'

/** A schema that was asked for, or the names of all. */
type ShownSchema =
  | { readonly name: DescribedName; readonly schema: Readonly<Record<string, Json>> }
  | undefined

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

const load = async (name: DescribedName): Promise<ShownSchema> => {
  const { jsonSchemaOf } = await import('../../output/schemas/json-schemas.ts')
  return { name, schema: jsonSchemaOf(name) }
}

export const schemaCommand = define<'schema', DescribedName | undefined, ShownSchema>({
  name: 'schema',
  aliases: [],
  summary: 'print the JSON Schema of a document',
  details: [
    'Of what each command prints with --json, of errors, and of the files of the configuration,',
    'which is called config: their TOML has the same tables. Without NAME the names are printed.',
  ],
  operands: { usage: '[NAME]', least: 0, most: 1, completes: 'schema' },
  options: [],
  columns: [],
  examples: [
    { line: 'hugepool schema', meaning: 'the names of all' },
    { line: 'hugepool schema config > hugepool.schema.json', meaning: 'for an editor' },
    { line: 'hugepool schema list', meaning: "of 'hugepool list --json'" },
  ],
  resolve,
  run: async (name) => (name === undefined ? undefined : load(name)),
  view: (shown) => ({
    lines: shown === undefined ? documentNames : [JSON.stringify(shown.schema, undefined, 2)],
    document: () => shown ?? { schemas: [...documentNames] },
    words: [],
    hints: [],
    partial: false,
  }),
})
