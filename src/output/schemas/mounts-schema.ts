import { z } from 'zod'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import {
  commandsSchema,
  countKey,
  documentSchema,
  holderPart,
  outcomeKey,
  pathKey,
  pidKey,
  signedKey,
  sizeKey,
  unexaminedKey,
} from './parts.ts'
import { poolSchema } from './schema.ts'

// The schemas for `mounts`, `mount` and `umount` are here.

export const mountPart = z.strictObject({
  target: pathKey('the directory it is mounted on'),
  pageSize: sizeKey,
  size: countKey('what its files may take altogether, in bytes').optional(),
  minSize: countKey('what is reserved for its files, in bytes').optional(),
  inodes: countKey('how many files and directories there may be').optional(),
  used: signedKey('what is used of size, in bytes, reservations included').optional(),
  free: countKey('size - used, in bytes').optional(),
  files: countKey('the files in it').optional(),
  uid: z.int().nonnegative().describe('the owner that its root was given'),
  gid: z.int().nonnegative().describe('the group that its root was given'),
  mode: z
    .string()
    .regex(/^[0-7]{4}$/)
    .describe('the mode that its root was given, as a string of four octal digits'),
  options: z.string().min(1).describe('everything that the kernel writes of it'),
  hidden: z.boolean().describe('whether another mount lies on its path'),
})

/** A mount with options that are not understood lacks their values. */
export const shownMountPart = z.strictObject({
  ...mountPart.shape,
  pageSize: mountPart.shape.pageSize.optional(),
  uid: mountPart.shape.uid.optional(),
  gid: mountPart.shape.gid.optional(),
  mode: mountPart.shape.mode.optional(),
  notUnderstood: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('its options that were not understood'),
})

export const mountsSchema = documentSchema({
  mounts: z.array(shownMountPart).describe("the hugetlbfs mounts, in the kernel's order"),
  unknownLines: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('the beginnings of lines of the mount table that were not understood'),
})

const shown = z.string().min(1)

const lackingPart = z.strictObject({
  needed: countKey('the pages of the minimum size'),
  provided: countKey('the pages that are seen to be provided at a start'),
})

export const persistedPart = z.strictObject({
  kind: z.enum(persistKinds).describe('what mounts it at every start'),
  path: pathKey('the file that was written, or from which it was removed'),
  outcome: z
    .enum(['done', 'unchanged'])
    .describe('what came of it; unchanged where nothing was written'),
  backup: pathKey('the file as it was before').optional(),
  lacking: lackingPart
    .optional()
    .describe('the pages of a minimum size, where fewer are seen to be there before the mount'),
})

export const mountSchema = documentSchema({
  outcome: outcomeKey,
  mounts: z.tuple([mountPart]).describe('the mount as it is afterwards'),
  differences: z
    .array(
      z.strictObject({
        option: shown.describe('the option'),
        wanted: shown.describe('what was asked for'),
        found: shown.describe('what the mount has'),
      }),
    )
    .min(1)
    .optional()
    .describe('where the mount is not as it was asked for'),
  unasked: z
    .array(
      z.strictObject({
        option: shown.describe('the option'),
        usual: shown.describe('what a new mount would have'),
        found: shown.describe('what the mount has'),
      }),
    )
    .min(1)
    .optional()
    .describe('of a mount that was there: what nobody asked for and a new one would not have'),
  persisted: z
    .tuple([persistedPart])
    .optional()
    .describe('with --persist: what mounts it at every start'),
})

const filesPart = z.strictObject({
  files: countKey('how many files'),
  pages: countKey('the pages of these files'),
})

const elsewherePart = z.strictObject({
  target: z.string().describe('the directory'),
  pid: pidKey.optional().describe('a process that sees it there, in another mount namespace'),
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
      kind: z.enum(persistKinds).describe('a line of fstab or a unit'),
      path: pathKey('the file that has it'),
      line: z.int().positive().optional().describe('the number of the line of fstab'),
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
    .describe('with --persist: the line of fstab and the unit that were removed'),
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
