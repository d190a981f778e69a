import { z } from 'zod'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import {
  commandsSchema,
  countSchema,
  documentSchema,
  holderPart,
  mountPart,
  pageSizeSchema,
  persistedPart,
  poolSchema,
  unexaminedPart,
} from './schema.ts'

// The schemas for `mounts` and `umount` are here; that for `mount` is in schema.ts.

/** A mount with options that are not understood lacks their values. */
export const shownMountPart = z.strictObject({
  ...mountPart.shape,
  pageSize: mountPart.shape.pageSize.optional(),
  uid: mountPart.shape.uid.optional(),
  gid: mountPart.shape.gid.optional(),
  mode: mountPart.shape.mode.optional(),
  /** The options that were not understood. */
  notUnderstood: z.array(z.string().min(1)).min(1).optional(),
})

export const mountsSchema = documentSchema({
  mounts: z.array(shownMountPart),
  /** The beginnings of lines of the mount table that were not understood. */
  unknownLines: z.array(z.string().min(1)).min(1).optional(),
})

const filesPart = z.strictObject({ files: countSchema, pages: countSchema })

/** The other places where the same file system is mounted. */
const elsewherePart = z
  .array(z.strictObject({ target: z.string(), pid: z.int().positive().optional() }))
  .optional()

/** What mounts the directory at the next start, where --persist did not remove it. */
const mountedAgain = z
  .array(
    z.strictObject({
      kind: z.enum(persistKinds),
      path: z.string().startsWith('/'),
      /** The number of the line of fstab. */
      line: z.int().positive().optional(),
      /** Whether hugepool wrote it, so that --persist removes it. */
      own: z.boolean(),
    }),
  )
  .min(1)
  .optional()

const unexamined = z.array(unexaminedPart).min(1).optional()

export const umountSchema = documentSchema({
  outcome: z.literal('done'),
  /** Empty where nothing was mounted and only what `mount --persist` wrote was removed. */
  mounts: z.array(mountPart).max(1),
  pools: z.array(poolSchema),
  /** With --persist: the fstab line and the systemd unit that were removed. */
  persisted: z.array(persistedPart).optional(),
  returned: z
    .strictObject({
      pageSize: pageSizeSchema,
      /** The pages that are no longer in use. */
      pages: countSchema,
      reservations: countSchema,
      /** The surplus pages that left the pool for the rest of memory. */
      leftPool: countSchema,
    })
    .optional(),
  /** The files and pages that went away with the file system; absent where it lives on. */
  dropped: filesPart.optional(),
  /** With --lazy: the holders that keep the file system. */
  kept: z.array(holderPart).optional(),
  /** With --lazy: the processes that could not be looked into, and may keep it too. */
  unexamined,
  elsewhere: elsewherePart,
  mountedAgain,
})

export const umountDryRunSchema = z.strictObject({
  ...commandsSchema.shape,
  /** Empty where nothing is mounted and only what `mount --persist` wrote would be removed. */
  mounts: z.array(mountPart).max(1),
  /** The files and pages that would be destroyed; absent where they would stay. */
  dropped: filesPart.optional(),
  /** The holders. With --lazy they would keep the file system. */
  holders: z.array(holderPart).optional(),
  unexamined,
  elsewhere: elsewherePart,
  mountedAgain,
})
