import * as z from 'zod'
import { configSchema } from '../../model/config/config-schema.ts'
import type { Json } from '../../model/json.ts'
import { type DescribedName, documentNames } from '../document-names.ts'
import { schemas } from './documents.ts'
import { errorSchema } from './parts.ts'

const all: Readonly<Record<DescribedName, z.ZodType>> = {
  config: configSchema,
  error: errorSchema,
  ...schemas,
}

const titles: Partial<Readonly<Record<DescribedName, string>>> = {
  config: 'a file of the configuration of hugepool: hugepool.toml(5)',
  error: 'what a command prints with --json where it ends with an error',
}

type JsonSchema = Readonly<Record<string, Json>>

/** The draft of JSON Schema that all are of. */
const draft = 'https://json-schema.org/draft/2020-12/schema'

/** Returns the least value of a whole number, by the keyword that JSON Schema has for it. */
const boundsOf = (schema: z.core.$ZodBigInt) =>
  (schema._zod.def.checks ?? []).flatMap((each) => {
    const { check, value, inclusive } = each._zod.def as z.core.$ZodCheckGreaterThanDef
    if (check !== 'greater_than') return []
    return [{ [inclusive ? 'minimum' : 'exclusiveMinimum']: Number(value) }]
  })

/** Whole numbers are bigint here, as counts and bytes have up to 64 bits. JSON has no limit. */
const asInteger = (schema: z.core.$ZodTypes, json: z.core.JSONSchema.BaseSchema): void => {
  if (schema._zod.def.type === 'bigint')
    Object.assign(json, { type: 'integer' }, ...boundsOf(schema as z.core.$ZodBigInt))
}

/** The names of formats that only zod has. JSON Schema has a pattern beside them. */
const formatsOfZod: readonly unknown[] = ['starts_with']

/** Removes such a format: a validator refuses a schema whose format it does not know. */
const withoutForeignFormat = (json: z.core.JSONSchema.BaseSchema): void => {
  if (formatsOfZod.includes(json.format)) delete json.format
}

/**
 * Makes the JSON Schema of a document, or of what can be written into a file of the configuration.
 */
export const jsonSchemaOf = (name: DescribedName): JsonSchema => {
  const made = z.toJSONSchema(all[name], {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      asInteger(zodSchema, jsonSchema)
      withoutForeignFormat(jsonSchema)
    },
  })
  // The object that zod makes has a hidden key of its own beside the schema.
  const { $schema, ...schema } = JSON.parse(JSON.stringify(made))
  return {
    $schema: draft,
    title: titles[name] ?? `what 'hugepool ${name} --json' prints`,
    ...schema,
  }
}

/** Makes one JSON Schema of all documents, in which each of them has its schema by its name. */
export const jsonSchemaOfAll = (): JsonSchema => {
  const printed = documentNames.filter((name) => name !== 'config')
  const schemaOf = (name: DescribedName) => {
    const { $schema, ...schema } = jsonSchemaOf(name)
    return [name, schema] as const
  }
  return {
    $schema: draft,
    title: 'what hugepool prints with --json',
    anyOf: printed.map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(printed.map(schemaOf)),
  }
}
