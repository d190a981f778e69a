import * as z from 'zod'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import { mountPart, persistedPart } from './mounts-schema.ts'
import {
  commandsSchema,
  countKey,
  documentSchema,
  holderPart,
  pathKey,
  pidKey,
  sizeKey,
  unexaminedKey,
} from './parts.ts'
import { poolSchema } from './pools-schema.ts'

const filesPart = z.strictObject({
  files: countKey('how many files'),
  pages: countKey('the pages of these files'),
})

const elsewherePart = z.strictObject({
  target: z.string().describe('the directory'),
  pid: pidKey
    .optional()
    .describe('the number of a process that sees it there, in another mount namespace'),
})

const elsewhereText = 'where else the same file system is mounted'
const elsewhereKey = z.array(elsewherePart).optional().describe(elsewhereText)

const placePart = z.strictObject({
  ...elsewherePart.shape,
  fate: z
    .enum(['stays', 'goes', 'unknown'])
    .describe('what becomes of that mount: it goes where the removal propagates to it'),
})

const expectedPart = z.strictObject({
  pageSize: sizeKey,
  pages: countKey('the pages that would no longer be in use').optional(),
  reservations: countKey('the reserved pages that would no longer be reserved'),
  leavingPool: countKey('how many of all these may leave the pool, for it has surplus').optional(),
})

const mountedAgainKey = z
  .array(
    z.strictObject({
      kind: z.enum(persistKinds).describe('a line of fstab, a unit or the configuration'),
      path: pathKey('the file that has it'),
      line: z
        .int()
        .positive()
        .optional()
        .describe('the number of the line of fstab or of the file of the configuration'),
      own: z.boolean().describe('whether hugepool wrote it, so that --persist removes it'),
    }),
  )
  .min(1)
  .optional()
  .describe('what mounts the directory at the next start, where --persist did not remove it')

const returnedPart = z.strictObject({
  pageSize: sizeKey,
  pages: countKey('the pages that are no longer in use'),
  reservations: countKey('the reserved pages that are no longer reserved'),
  leftPool: countKey('the surplus pages that left the pool for the rest of memory'),
})

export const umountSchema = documentSchema({
  outcome: z.literal('done').describe('done: it is no longer mounted'),
  mounts: z
    .array(mountPart)
    .max(1)
    .describe('the mount that is gone; empty where only what mount --persist wrote was removed'),
  pools: z.array(poolSchema).describe('all pools as they are afterwards'),
  persisted: z
    .array(persistedPart)
    .optional()
    .describe('with --persist: what was removed of fstab, of units and of the configuration'),
  returned: returnedPart.optional().describe('what came back to the pool'),
  dropped: filesPart
    .optional()
    .describe('what went away with the file system; absent where it lives on'),
  kept: z.array(holderPart).optional().describe('with --lazy: who keeps the file system'),
  unexamined: unexaminedKey,
  elsewhere: elsewhereKey,
  mountedAgain: mountedAgainKey,
})

export const umountDryRunSchema = z.strictObject({
  ...commandsSchema.shape,
  mounts: z
    .array(mountPart)
    .max(1)
    .describe('the mount; empty where only what mount --persist wrote would be removed'),
  fate: z
    .enum(['kept', 'destroyed', 'unknown'])
    .optional()
    .describe('what would become of the file system; absent where nothing is mounted'),
  dropped: filesPart
    .optional()
    .describe('what would be destroyed; absent where the file system would or may stay'),
  mayDrop: filesPart
    .optional()
    .describe('what may be destroyed, where it is unknown whether the file system would stay'),
  expected: expectedPart
    .optional()
    .describe('what would come back at most; absent where the file system would stay'),
  holders: z
    .array(holderPart)
    .optional()
    .describe('who holds it; with --lazy they would keep the file system'),
  unexamined: unexaminedKey,
  elsewhere: z.array(placePart).optional().describe(elsewhereText),
  mountedAgain: mountedAgainKey,
})
