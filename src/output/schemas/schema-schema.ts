import * as z from 'zod'
import { documentSchema } from './parts.ts'

export const schemaSchema = documentSchema({
  schemas: z
    .array(z.string().min(1))
    .optional()
    .describe('without NAME: the documents that have a schema'),
  name: z.string().min(1).optional().describe('the document that was named'),
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('its JSON Schema, or one of all documents, of draft 2020-12'),
})
