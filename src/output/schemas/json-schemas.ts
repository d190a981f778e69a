import { z } from 'zod'
import { configSchema } from '../../model/config/config-schema.ts'
import type { Json } from '../../model/json.ts'
import { schemas } from './documents.ts'
import { errorSchema } from './parts.ts'
import type { SchemaName } from './schema-names.ts'

const all: Readonly<Record<SchemaName, z.ZodType>> = {
  config: configSchema,
  error: errorSchema,
  ...schemas,
}

const titles: Partial<Readonly<Record<SchemaName, string>>> = {
  config: 'a file of the configuration of hugepool: hugepool.toml(5)',
  error: 'what a command prints with --json where it ends with an error',
}

/**
 * JSON knows whole numbers of any size, which are bigint here: counts and bytes have up to 64 bits.
 */
const asInteger = (schema: z.core.$ZodTypes, json: z.core.JSONSchema.BaseSchema): void => {
  if (schema._zod.def.type !== 'bigint') return
  json.type = 'integer'
  const least = schema._zod.bag.minimum
  if (typeof least === 'bigint') json.minimum = Number(least)
}

/** Makes the JSON Schema of a document, or of what can be written into a file of the configuration. */
export const jsonSchemaOf = (name: SchemaName): Readonly<Record<string, Json>> => {
  const made = z.toJSONSchema(all[name], {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => asInteger(zodSchema, jsonSchema),
  })
  // What zod makes has a hidden key of its own beside the schema.
  const { $schema, ...schema } = JSON.parse(JSON.stringify(made))
  return { $schema, title: titles[name] ?? `what 'hugepool ${name} --json' prints`, ...schema }
}
