import * as z from 'zod'
import { copySteps } from '../../model/mapping/copying/copy-plan.ts'
import { countKey, countSchema, documentSchema, forecastKeys, nodeKey, sizeKey } from './parts.ts'

const ends = {
  source: z.string().min(1).describe('the path of the file, or - for standard input'),
  target: z.string().min(1).describe('the path of the copy'),
  pageSize: sizeKey.describe('the page size of the hugetlbfs that one of the two is on, in bytes'),
}

const placed = z.strictObject({
  node: nodeKey,
  pages: countKey('how many pages of the copy lie on it'),
})

export const copySchema = documentSchema({
  outcome: z.literal('done').describe('the copy is whole; where it is not, there is an error'),
  ...ends,
  size: countKey('the length of the source, in bytes'),
  targetSize: countKey('the length of the copy, in bytes: whole pages on hugetlbfs'),
  pages: countKey('the pages of the file that is on hugetlbfs'),
  holes: countKey('the pages that it could have and has not'),
  placement: z
    .array(placed)
    .optional()
    .describe('the nodes on which pages of the copy lie, as far as the kernel shows it'),
  // A whole number of seconds is read as a bigint, as counts are.
  seconds: z.union([z.number().min(0), countSchema]).describe('how long it took, in seconds'),
  verified: z.boolean().describe('whether it was read back and compared'),
  replaced: z.boolean().describe('whether another file had been there'),
})

export const plannedCopySchema = documentSchema({
  dryRun: z.literal(true).describe('nothing was copied'),
  ...ends,
  size: copySchema.shape.size.optional(),
  targetSize: copySchema.shape.targetSize.optional(),
  pages: countKey('the pages that the copy needs, or that the source has').optional(),
  steps: z.array(z.enum(copySteps)).describe('what would be done, in order'),
  ...forecastKeys,
})
