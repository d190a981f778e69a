import * as z from 'zod'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import { countKey, documentSchema, outcomeKey, pathKey, signedKey, sizeKey } from './parts.ts'

// The schemas for `mounts`, `mount` and `umount` are here.

export const mountPart = z.strictObject({
  target: pathKey('the directory it is mounted on'),
  device: z
    .string()
    .regex(/^\d+:\d+$/)
    .describe('the device of its file system: mounts that have the same one are one file system'),
  pageSize: sizeKey,
  size: countKey('what its files may take altogether, in bytes').optional(),
  minSize: countKey('what is reserved for its files, in bytes').optional(),
  inodes: countKey('how many files and directories there may be').optional(),
  used: signedKey('what is used of size, in bytes, reservations included').optional(),
  free: countKey('size - used, in bytes').optional(),
  files: countKey('how many files are in it').optional(),
  uid: z.int().nonnegative().describe('the id of the owner that its root was given'),
  gid: z.int().nonnegative().describe('the id of the group that its root was given'),
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
