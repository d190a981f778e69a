import * as z from 'zod'
import { type Policy, policyModes } from '../../model/words/policy.ts'
import { keptKey } from './kept-schema.ts'
import {
  countKey,
  countSchema,
  documentSchema,
  failureKeys,
  forecastKeys,
  nodeKey,
  outcomeKey,
  pageSizeSchema,
  signedKey,
  sizeKey,
} from './parts.ts'

// The schemas for the pools, and for what changes them, are here.

const counters = {
  total: countKey('pages in the pool, surplus included'),
  persistent: signedKey('pages the administrator asked to keep: total - surplus'),
  free: countKey('pages that are not handed out, reserved ones included'),
  inUse: signedKey('pages handed out: total - free'),
  surplus: countKey('pages above persistent'),
  memory: countKey('memory of all pages, in bytes'),
}

/** A node without a directory for the pool has only its id. */
const nodePool = z.strictObject({ node: nodeKey, ...z.object(counters).partial().shape })

export const poolSchema = z.strictObject({
  pageSize: sizeKey,
  default: z.boolean().optional().describe("whether it is the kernel's default page size"),
  ...counters,
  reserved: signedKey('free pages promised to a mapping').optional(),
  available: countKey('pages that a new mapping can get: free - reserved').optional(),
  overcommit: countKey('how many surplus pages may come into being').optional(),
  demoteSize: pageSizeSchema
    .optional()
    .describe('the page size that its pages are split into, in bytes'),
  nodes: z.array(nodePool).optional().describe('the pool on each NUMA node'),
  onlyInProc: z
    .literal(true)
    .optional()
    .describe('sysfs is not mounted: /proc shows this pool and no other'),
})

/** A pool of `list` lacks the counters that could not be read. */
export const shownPoolPart = z.strictObject({
  ...poolSchema.shape,
  ...z.object(counters).partial().shape,
  notUnderstood: z
    .array(z.string().startsWith('/'))
    .min(1)
    .optional()
    .describe('the paths of the attributes that could not be read or hold no number'),
})

export const listSchema = documentSchema({
  pools: z.array(shownPoolPart).describe('the pools, smallest pages first'),
})

const shortage = z.strictObject({
  node: nodeKey,
  free: countKey('the free memory of the node, in bytes'),
  ready: countKey('the pages that lie ready in free blocks').optional(),
})

const spread = z.strictObject({
  node: nodeKey,
  before: signedKey('persistent pages of the node before'),
  after: signedKey('persistent pages of the node now'),
})

export const changePart = z.strictObject({
  pageSize: sizeKey,
  node: nodeKey.optional().describe('the id of the node; absent where the whole pool was set'),
  attribute: z.enum(['persistent', 'overcommit']).describe('what was set'),
  before: signedKey('pages before'),
  requested: countKey('pages asked for'),
  after: signedKey('pages now'),
  short: countKey('how many pages after is from requested, in either direction'),
  becameSurplus: countKey('pages that a shrink could not free').optional(),
  surplus: countKey('the surplus pages there are now').optional(),
  aboveOvercommit: countKey('pages of surplus that overcommit does not allow').optional(),
  outcome: outcomeKey,
  nodes: z.array(spread).optional().describe('how a whole pool spread over the nodes'),
  shortage: z.array(shortage).optional().describe('what the nodes have, where a growth fell short'),
})

const poolsAfterwards = z.array(poolSchema).describe('all pools as they are afterwards')

/** A part of a request that a call which keeps going left out or cut. */
export const leftOutPart = z.strictObject({
  pageSize: sizeKey.optional(),
  node: nodeKey.optional().describe('the id of the node; absent where none was named'),
  requested: countKey('pages asked for, where that was a number').optional(),
  planned: countKey('pages asked of the kernel in their place, where there was room').optional(),
  error: z.strictObject(failureKeys).describe('why it was left out or cut, or how it failed'),
})

const leftOutKey = z
  .array(leftOutPart)
  .min(1)
  .optional()
  .describe('with --keep-going: what was left out or cut, and what failed')

export const changeSchema = documentSchema({
  outcome: outcomeKey,
  changes: z.array(changePart).describe('what was changed, in the order in which it was done'),
  pools: poolsAfterwards,
  leftOut: leftOutKey,
  persisted: keptKey,
})

export const demotionPart = z.strictObject({
  pageSize: sizeKey.describe('the page size that was split, in bytes'),
  to: pageSizeSchema.describe('the page size that was made, in bytes'),
  node: nodeKey.optional().describe('the id of the node; absent where none was named'),
  requested: countSchema.describe('pages to be split'),
  demoted: countKey('pages that were split'),
  before: countKey('the total of the pool that was split, in pages, before'),
  after: countKey('the total of the pool that was split, in pages, now'),
  gained: signedKey('pages that came to the pool of the smaller size'),
  outcome: outcomeKey,
})

export const demoteSchema = documentSchema({
  outcome: outcomeKey,
  changes: z.array(demotionPart).describe('what was split'),
  pools: poolsAfterwards,
})

export const writePart = z.strictObject({
  path: z.string().startsWith('/').describe('the file'),
  value: z
    .union([z.bigint(), z.string()])
    .describe('what would be written to it, in the unit of the file: pages in a file of a pool'),
  mempolicy: z
    .strictObject({
      mode: z.enum(Object.keys(policyModes) as Policy['mode'][]).describe('how it chooses nodes'),
      nodes: z.array(z.bigint()).describe('the ids of its nodes'),
    })
    .optional()
    .describe('the memory policy under which it would be written'),
})

const heldPart = z.strictObject({
  pageSize: sizeKey,
  node: nodeKey.optional().describe('the id of the node; absent where the whole pool would be set'),
  attribute: z.enum(['persistent', 'overcommit']).describe('what would be set'),
  requested: countKey('pages asked for'),
  surplus: countKey('the surplus pages there would be'),
  aboveOvercommit: countKey('pages of surplus that overcommit would not allow').optional(),
})

export const dryRunSchema = documentSchema({
  dryRun: z.literal(true).describe('nothing was written'),
  writes: z.array(writePart).describe('what would be written, in order'),
  held: z
    .array(heldPart)
    .min(1)
    .optional()
    .describe('the pages in use or reserved that would stay as surplus'),
  leftOut: leftOutKey,
  persisted: keptKey,
  ...forecastKeys,
})

export const completionSchema = documentSchema({
  shell: z.string().describe('the name of the shell'),
  script: z.string().describe('the script that it reads'),
})

export const manSchema = documentSchema({
  page: z.string().describe('the name of the page with its section'),
  text: z.string().describe('the page as a terminal of 80 columns shows it'),
})
