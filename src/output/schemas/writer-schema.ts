import * as z from 'zod'
import { writerSources } from '../../model/config/writers/writer.ts'
import { nodeKey, pathKey, sizeKey } from './parts.ts'

/** What else sets, at a start, what the configuration sets. */
export const writerPart = z.strictObject({
  source: z.enum(writerSources).describe('what sets it'),
  attribute: z
    .enum(['persistent', 'overcommit', 'shm-group'])
    .optional()
    .describe('what is set; absent where the place is about pages and does not tell'),
  pageSize: sizeKey.optional(),
  node: nodeKey.optional().describe('the id of the node; absent where the whole pool is set'),
  value: z.string().optional().describe('the value as it is written there'),
  file: pathKey('the file'),
  line: z.int().positive().optional().describe('the number of the line'),
  when: z
    .enum(['before', 'after'])
    .optional()
    .describe('whether that is before or after hugepool; absent where nothing orders them'),
  wins: z
    .boolean()
    .optional()
    .describe('whether its value is there in the end; absent where that is not known'),
  agrees: z
    .boolean()
    .optional()
    .describe('whether the configuration wants the same; absent where that is not known'),
})

/** The keys of documents that tell of other writers. */
export const writerKeys = {
  writers: z
    .array(writerPart)
    .min(1)
    .optional()
    .describe('who else sets the same, in the order of a start'),
  unread: z
    .array(pathKey('a path'))
    .min(1)
    .optional()
    .describe('the files that may set it too, and cannot be read'),
}
