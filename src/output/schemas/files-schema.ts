import { z } from 'zod'
import { type KeptReason, keptReasons } from '../../model/processes/files/clean-choice.ts'
import { fileStates } from '../../model/processes/files/huge-file.ts'
import { type LeftReason, leftReasons } from '../../model/processes/files/removal.ts'
import { countKey, documentSchema, nodeKey, pathKey, pidKey, sizeKey, unseenPart } from './parts.ts'

// The schemas for `files` are here.

export const hugeFilePart = z.strictObject({
  path: pathKey('its path in the mount namespace that has it'),
  reachedBy: pathKey('what leads to it from here, where that differs').optional(),
  mount: pathKey('the directory of its mount'),
  pageSize: sizeKey,
  size: countKey('its size, in bytes'),
  pages: countKey('the pages that it has'),
  reserved: countKey('the pages that are reserved for it, where that is known').optional(),
  nodes: z
    .array(z.strictObject({ node: nodeKey, pages: countKey('its pages there') }))
    .optional()
    .describe('where its pages are; seen while somebody has it mapped'),
  state: z.enum(fileStates).describe('who has it: left is nobody, unknown is perhaps somebody'),
  uid: z.int().nonnegative().describe('its owner'),
  gid: z.int().nonnegative().describe('its group'),
  mode: z
    .string()
    .regex(/^[0-7]{4}$/)
    .describe('its mode, as a string of four octal digits'),
  touched: z.iso.datetime().describe('when it was last used: read, written, mapped or changed'),
  users: z.array(pidKey).describe('the processes that have it open or mapped'),
  program: z.string().min(1).optional().describe('whose file it is, by its name; prose'),
})

export const filesSchema = documentSchema({
  files: z.array(hugeFilePart).describe('the files on hugetlbfs'),
  unseen: unseenPart.describe('what could not be seen'),
  removed: z.array(pathKey('a path')).optional().describe('with --clean: the files that went'),
  kept: z
    .array(
      z.strictObject({
        path: pathKey('the file'),
        reason: z.enum(Object.keys(keptReasons) as KeptReason[]).describe('why it was not chosen'),
      }),
    )
    .optional()
    .describe('with --clean: the files that were not to go'),
  notRemoved: z
    .array(
      z.strictObject({
        path: pathKey('the file'),
        reason: z.enum(Object.keys(leftReasons) as LeftReason[]).describe('why it is still there'),
        at: pathKey('where it is now, if another file has taken its name').optional(),
      }),
    )
    .optional()
    .describe('with --clean: the files that should have gone and did not'),
  restored: z
    .array(
      z.strictObject({
        path: pathKey('the name under which a killed hugepool left it'),
        to: pathKey('the path that it had before'),
        done: z.boolean().describe('whether it has that path again; if not, another file has it'),
      }),
    )
    .min(1)
    .optional()
    .describe('with --clean: files that had been set aside, and that somebody has'),
  returned: z
    .strictObject({
      pages: countKey('pages that are no longer in use'),
      reservations: countKey('reservations that ended'),
      leftPool: countKey('those of pages that were surplus and left the pools'),
    })
    .optional()
    .describe('with --clean: what came back to the pools, of all page sizes'),
})
