import { z } from 'zod'
import { configSchema } from '../../model/config/config-schema.ts'
import type { Json } from '../../model/json.ts'
import type { DescribedName } from '../document-names.ts'
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

/** The least value of a whole number, in the words of JSON Schema. */
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

/** Makes the JSON Schema of a document, or of what can be written into a file of the configuration. */
export const jsonSchemaOf = (name: DescribedName): Readonly<Record<string, Json>> => {
  const made = z.toJSONSchema(all[name], {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => asInteger(zodSchema, jsonSchema),
  })
  // What zod makes has a hidden key of its own beside the schema.
  const { $schema, ...schema } = JSON.parse(JSON.stringify(made))
  return { $schema, title: titles[name] ?? `what 'hugepool ${name} --json' prints`, ...schema }
}
