import * as z from 'zod'
import { pathKey } from './parts.ts'
import { serviceStatePart } from './service-schema.ts'
import { writerPart } from './writer-schema.ts'

const keyKey = z.string().min(1).describe('the key, as in pools.2M.pages')

/** What --persist wrote into the configuration. */
export const keptPart = z.strictObject({
  path: pathKey('the file of the configuration'),
  outcome: z
    .enum(['done', 'unchanged'])
    .describe('what came of it; unchanged where the file said so before'),
  keys: z
    .array(
      z.strictObject({
        key: keyKey,
        value: z.string().min(1).describe('its value, as in the file but without quotes'),
      }),
    )
    .describe('what the file says'),
  overriddenBy: z
    .array(
      z.strictObject({
        file: pathKey('the file'),
        line: z.int().positive().optional().describe('the number of the line'),
        key: keyKey,
      }),
    )
    .min(1)
    .optional()
    .describe('where a file that is merged later says something else'),
  skipped: z.string().min(1).optional().describe('why the file does not count here; prose'),
  service: serviceStatePart.shape.state
    .optional()
    .describe('whether the service that applies it is there; absent where no init is known'),
  writers: z
    .array(writerPart)
    .min(1)
    .optional()
    .describe('what sets the same otherwise, after the service, and wins'),
})

/** The key of documents of commands that change pools. */
export const keptKey = keptPart
  .optional()
  .describe('with --persist: what the configuration says of it')
