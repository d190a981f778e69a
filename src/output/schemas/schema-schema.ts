import { z } from 'zod'
import { documentSchema } from './parts.ts'
import { schemaNames } from './schema-names.ts'

// The schemas for `schema` are here.

export const schemaListSchema = documentSchema({
  schemas: z.array(z.enum(schemaNames)).describe('the names of the documents that have a schema'),
})

export const schemaOfSchema = documentSchema({
  name: z.enum(schemaNames).describe('the name of the document'),
  schema: z.record(z.string(), z.unknown()).describe('its JSON Schema, of draft 2020-12'),
})
