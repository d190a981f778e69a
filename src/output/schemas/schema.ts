import { z } from 'zod'
import { type ErrorCode, exitCodes, stopSignals } from '../../errors.ts'
import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'
import { type Policy, policyModes } from '../../model/words/policy.ts'

import { differencesPart, reasonsPart, unaskedPart } from './refusal-parts.ts'

// The schemas describe the JSON documents to their readers. Tests parse every printed document with
// its schema. All objects are strict: a key that is not described here does not belong in a document.

export const countSchema = z.bigint().min(0n)
export const nodeSchema = z.int().min(0)
export const pageSizeSchema = z.bigint().positive()

const counters = {
  total: countSchema,
  persistent: z.bigint(),
  free: countSchema,
  inUse: z.bigint(),
  surplus: countSchema,
  memory: countSchema,
}

/** A node without a directory for the pool has only its id. */
const nodePool = z.strictObject({ node: nodeSchema, ...z.object(counters).partial().shape })

export const poolSchema = z.strictObject({
  pageSize: pageSizeSchema,
  default: z.boolean().optional(),
  ...counters,
  reserved: z.bigint().optional(),
  available: countSchema.optional(),
  overcommit: countSchema.optional(),
  demoteSize: pageSizeSchema.optional(),
  nodes: z.array(nodePool).optional(),
  /** True where sysfs is not mounted, so that /proc shows this pool and no other. */
  onlyInProc: z.literal(true).optional(),
})

/** A pool of `list` lacks the counters that could not be read. */
export const shownPoolPart = z.strictObject({
  ...poolSchema.shape,
  ...z.object(counters).partial().shape,
  /** The paths of the attributes that could not be read, or that hold no number. */
  notUnderstood: z.array(z.string().startsWith('/')).min(1).optional(),
})

export const holderPart = z.strictObject({
  pid: z.int().positive(),
  command: z.string(),
  holds: z.enum(['open file', 'mapping', 'working directory', 'root']),
  path: z.string(),
  pages: countSchema.optional(),
})

export const unexaminedPart = z.strictObject({
  pid: z.int().positive(),
  command: z.string(),
  errno: z.string().min(1),
})

export const errorPart = z.strictObject({
  code: z.enum(Object.keys(exitCodes) as ErrorCode[]),
  message: z.string().min(1),
  hint: z.string().optional(),
  /** The signal that stopped the work, where the work ended with this error. */
  signal: z.enum(stopSignals).optional(),
  /** The size of pages, in bytes, that has no pool here. */
  pageSize: countSchema.optional(),
  /** All holders of a mount that is busy. */
  holders: z.array(holderPart).optional(),
  /** The processes that could not be looked into, and may hold it too. */
  unexamined: z.array(unexaminedPart).min(1).optional(),
  /** Where several things are in the way: each, in the order in which it can be mended. */
  reasons: reasonsPart.optional(),
})

const outcome = z.enum(['done', 'unchanged', 'partial'])

export const documentSchema = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject({ version: z.literal(1), ...shape, error: errorPart.optional() })

export const errorSchema = z.strictObject({ version: z.literal(1), error: errorPart })

export const listSchema = documentSchema({ pools: z.array(shownPoolPart) })

const shortage = z.strictObject({
  node: nodeSchema,
  free: countSchema,
  ready: countSchema.optional(),
})

export const changePart = z.strictObject({
  pageSize: pageSizeSchema,
  node: nodeSchema.optional(),
  attribute: z.enum(['persistent', 'overcommit']),
  before: z.bigint(),
  requested: countSchema,
  after: z.bigint(),
  short: countSchema,
  becameSurplus: countSchema.optional(),
  /** The surplus pages there are now, and those of them that overcommit does not allow. */
  surplus: countSchema.optional(),
  aboveOvercommit: countSchema.optional(),
  outcome,
  nodes: z
    .array(z.strictObject({ node: nodeSchema, before: z.bigint(), after: z.bigint() }))
    .optional(),
  shortage: z.array(shortage).optional(),
})

export const changeSchema = documentSchema({
  outcome,
  changes: z.array(changePart),
  pools: z.array(poolSchema),
})

export const demotionPart = z.strictObject({
  pageSize: pageSizeSchema,
  to: pageSizeSchema,
  node: nodeSchema.optional(),
  requested: countSchema,
  demoted: countSchema,
  before: countSchema,
  after: countSchema,
  gained: z.bigint(),
  outcome,
})

export const demoteSchema = documentSchema({
  outcome,
  changes: z.array(demotionPart),
  pools: z.array(poolSchema),
})

export const mountPart = z.strictObject({
  target: z.string().startsWith('/'),
  pageSize: pageSizeSchema,
  size: countSchema.optional(),
  minSize: countSchema.optional(),
  inodes: countSchema.optional(),
  used: z.bigint().optional(),
  free: countSchema.optional(),
  files: countSchema.optional(),
  uid: z.int().nonnegative(),
  gid: z.int().nonnegative(),
  mode: z.string().regex(/^[0-7]{4}$/),
  options: z.string().min(1),
  hidden: z.boolean(),
})

export const persistedPart = z.strictObject({
  kind: z.enum(persistKinds),
  path: z.string().startsWith('/'),
  outcome: z.enum(['done', 'unchanged']),
  backup: z.string().startsWith('/').optional(),
  /** The pages of a minimum size, where fewer are seen to be provided before it is mounted. */
  lacking: z.strictObject({ needed: countSchema, provided: countSchema }).optional(),
})

export const mountSchema = documentSchema({
  outcome,
  mounts: z.tuple([mountPart]),
  differences: differencesPart.optional(),
  /** Of a mount that was there: what nobody asked for and a new mount would have otherwise. */
  unasked: unaskedPart.optional(),
  /** With --persist: the file that mounts it at every start. */
  persisted: z.tuple([persistedPart]).optional(),
})

export const writePart = z.strictObject({
  path: z.string().startsWith('/'),
  value: z.union([z.bigint(), z.string()]),
  mempolicy: z
    .strictObject({
      mode: z.enum(Object.keys(policyModes) as Policy['mode'][]),
      nodes: z.array(z.bigint()),
    })
    .optional(),
})

export const dryRunSchema = documentSchema({ dryRun: z.literal(true), writes: z.array(writePart) })

/** A dry run whose lines are shell commands, not writes to kernel files. */
export const commandsSchema = documentSchema({
  dryRun: z.literal(true),
  commands: z.array(z.string().min(1)),
})

export const completionSchema = documentSchema({ shell: z.string(), script: z.string() })
