import * as z from 'zod'
import { type KeptReason, keptReasons } from '../../model/processes/files/clean-choice.ts'
import { fileStates } from '../../model/processes/files/huge-file.ts'
import { type LeftReason, leftReasons } from '../../model/processes/files/removal.ts'
import {
  type KeptSegmentReason,
  keptSegmentReasons,
  type LeftSegmentReason,
  leftSegmentReasons,
} from '../../model/processes/files/segment-choice.ts'
import { countKey, documentSchema, nodeKey, pathKey, pidKey, sizeKey, unseenKey } from './parts.ts'

const ownerKeys = {
  uid: z.int().nonnegative().describe('the id of its owner'),
  gid: z.int().nonnegative().describe('the id of its group'),
  mode: z
    .string()
    .regex(/^[0-7]{4}$/)
    .describe('its mode, as a string of four octal digits'),
}

export const hugeFilePart = z.strictObject({
  path: pathKey('its path in the mount namespace that has it'),
  reachedBy: pathKey('what leads to it from here, where that differs').optional(),
  reachable: z
    .literal(false)
    .optional()
    .describe('false where no process is in the mount namespace that has it'),
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
  ...ownerKeys,
  touched: z.iso.datetime().describe('when it was last used: read, written, mapped or changed'),
  users: z.array(pidKey).describe('the numbers of the processes that have it open or mapped'),
  program: z.string().min(1).optional().describe('whose file it is, by its name; prose'),
})

const segmentIdKey = z
  .int()
  .nonnegative()
  .describe('the number of the segment, as ipcs(1) shows it')
const namespaceKey = z
  .string()
  .min(1)
  .optional()
  .describe('the IPC namespace that has it, where that is not the one of hugepool')

export const segmentPart = z.strictObject({
  id: segmentIdKey,
  key: z
    .string()
    .regex(/^0x[0-9a-f]{8}$/)
    .describe('the key that was given to shmget(2), in hexadecimal digits; 0 for a private one'),
  ipcNamespace: namespaceKey,
  pageSize: sizeKey,
  size: countKey('its size, in bytes'),
  pages: countKey('the pages that it has'),
  state: z
    .enum(fileStates)
    .describe(
      'who has it: mapped is attached, open is not attached while the process that made it runs, left is nobody, unknown is perhaps that process',
    ),
  creator: pidKey
    .optional()
    .describe(
      'the number of the process that made it, gone or not; absent for one of another PID namespace',
    ),
  ...ownerKeys,
  touched: z.iso.datetime().describe('when it was last attached, detached or changed'),
  users: z
    .array(pidKey)
    .describe('the numbers of the processes that were seen to have it attached'),
})

export const filesSchema = documentSchema({
  files: z
    .array(hugeFilePart)
    .describe('the files on hugetlbfs; none are looked at with --segments'),
  segments: z
    .array(segmentPart)
    .optional()
    .describe('with --segments: the SysV segments of huge pages'),
  unseen: unseenKey,
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
  removedSegments: z
    .array(segmentIdKey)
    .optional()
    .describe('with --segments --clean: the ids of the segments that went'),
  keptSegments: z
    .array(
      z.strictObject({
        id: segmentIdKey,
        ipcNamespace: namespaceKey,
        reason: z
          .enum(Object.keys(keptSegmentReasons) as KeptSegmentReason[])
          .describe('why it was not chosen'),
      }),
    )
    .optional()
    .describe('with --segments --clean: the segments that were not to go'),
  notRemovedSegments: z
    .array(
      z.strictObject({
        id: segmentIdKey,
        reason: z
          .enum(Object.keys(leftSegmentReasons) as LeftSegmentReason[])
          .describe('why it is still there'),
      }),
    )
    .optional()
    .describe('with --segments --clean: the segments that should have gone and did not'),
  returned: z
    .strictObject({
      pages: countKey('pages that are no longer in use'),
      reservations: countKey('pages whose reservation ended'),
      leftPool: countKey('those of pages that were surplus and left the pools'),
    })
    .optional()
    .describe('with --clean: what came back to the pools, of all page sizes'),
})
