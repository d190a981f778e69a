import * as z from 'zod'
import { documentSchema } from './parts.ts'

const sentences = (text: string) =>
  z.array(z.string().min(1)).min(1).optional().describe(`${text}; prose`)

export const exportSchema = documentSchema({
  text: z.string().min(1).describe('the file, as it is printed without --json'),
  configuration: z
    .record(z.string(), z.unknown())
    .describe("the tables of the file, which 'hugepool schema config' describes"),
  leftOut: sentences('what the file does not say, and why'),
})
