import * as z from 'zod'
import { holdKinds } from '../../model/processes/who/page-hold.ts'
import {
  countKey,
  documentSchema,
  nodeKey,
  pidKey,
  signedKey,
  sizeKey,
  unseenKey,
} from './parts.ts'

const fullPart = z.strictObject({
  group: z.string().min(1).describe('the cgroup that has the limit'),
  file: z.string().min(1).describe('the file with the limit, in the directory of the cgroup'),
  stops: z
    .enum(['touch', 'reserve'])
    .describe('what fails: the first touch of a page, with SIGBUS, or to reserve one, in mmap(2)'),
  max: countKey('the limit, in bytes'),
  current: countKey('what is counted against it, in bytes'),
})

const chargedPart = z.strictObject({
  group: z.string().min(1).describe('the cgroup, without those below it'),
  container: z
    .string()
    .min(1)
    .optional()
    .describe('the container, virtual machine or unit that it is of'),
  pages: countKey('the pages that the kernel counts against it'),
  seen: countKey('the pages that its processes are seen to have, each counted once'),
})

const booksPart = z.strictObject({
  pageSize: sizeKey,
  inUse: countKey('pages handed out: total - free'),
  explained: countKey('pages of inUse that holders were seen to have, each counted once'),
  unexplained: countKey('pages of inUse of which no holder was seen: inUse - explained'),
  pinned: countKey(
    'those of unexplained that are private pages which nobody has mapped: the kernel keeps them',
  ).optional(),
  reserved: signedKey('free pages promised to somebody').optional(),
  reservedExplained: countKey('pages of reserved of which is seen who has them'),
  limits: z
    .array(fullPart)
    .min(1)
    .optional()
    .describe(
      'the limits of cgroups that leave no room for another page though some are available',
    ),
  charged: z
    .array(chargedPart)
    .min(1)
    .optional()
    .describe(
      'where pages are not explained: the cgroups that have more of them than their processes are seen to have',
    ),
})

const holderKeys = {
  pid: pidKey.optional().describe('the number of the process; absent for what no process holds'),
  user: z
    .string()
    .min(1)
    .optional()
    .describe(
      'the user of the process or the owner of the file, by name, or by number without one',
    ),
  command: z.string().optional().describe('the name of the process'),
  pageSize: sizeKey,
  pages: countKey('the pages that it keeps, which other holders can have too').optional(),
  reserved: countKey('the pages that are reserved for it').optional(),
  reservedAtMost: countKey(
    'in place of reserved: it can have fewer, and the kernel does not show how many',
  ).optional(),
  nodes: z
    .array(z.strictObject({ node: nodeKey, pages: countKey('its pages there') }))
    .optional()
    .describe('where its pages are, as far as that is known'),
  container: z.string().optional().describe('the container, virtual machine or unit it is in'),
}

const holdsText = 'by what it holds its pages'

export const pageHolderPart = z.strictObject({
  ...holderKeys,
  holds: z.enum(holdKinds).describe(holdsText),
  shared: z.boolean().optional().describe('whether others can have the same pages'),
  name: z.string().optional().describe('the path of the file, or the name of the segment'),
})

const sumPart = z.strictObject({
  ...holderKeys,
  holds: z
    .enum(holdKinds)
    .optional()
    .describe(`${holdsText}; absent where that is of several kinds`),
})

export const whoSchema = documentSchema({
  pools: z.array(booksPart).describe('the account of every pool'),
  holders: z.array(pageHolderPart).describe('who and what holds pages'),
  sums: z
    .array(sumPart)
    .optional()
    .describe('with --by: holders added up, a page of several holders of a sum counted once'),
  unseen: unseenKey,
  moved: z
    .literal(true)
    .optional()
    .describe('the counters kept moving, so that the account may be wrong'),
})
