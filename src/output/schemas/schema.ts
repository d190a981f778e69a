import { z } from 'zod'

/**
 * The JSON documents, for whoever reads them: tests parse every document that is printed with its
 * schema. Strict: a key that is not described here does not belong in a document.
 */
export const count = z.bigint().min(0n)
export const node = z.int().min(0)
export const pageSize = z.bigint().positive()

const counters = {
  total: count,
  persistent: z.bigint(),
  free: count,
  inUse: z.bigint(),
  surplus: count,
  memory: count,
}

/** On a node without a directory for the pool there is nothing but its id. */
const nodePool = z.strictObject({ node, ...z.object(counters).partial().shape })

export const poolSchema = z.strictObject({
  pageSize,
  default: z.boolean().optional(),
  ...counters,
  reserved: z.bigint().optional(),
  available: count.optional(),
  overcommit: count.optional(),
  demoteSize: pageSize.optional(),
  nodes: z.array(nodePool).optional(),
})

export const holder = z.strictObject({
  pid: z.int().positive(),
  command: z.string(),
  holds: z.enum(['open file', 'mapping', 'working directory', 'root']),
  path: z.string(),
  pages: count.optional(),
})

export const error = z.strictObject({
  code: z.enum([
    'E_KERNEL',
    'E_REFUSED',
    'E_USAGE',
    'E_CONFIG',
    'E_PERMISSION',
    'E_UNSUPPORTED',
    'E_BUG',
  ]),
  message: z.string().min(1),
  hint: z.string().optional(),
  /** What ended the work, where nothing could be said of it but that. */
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).optional(),
  /** Of a mount that is busy: who holds it, all of them. */
  holders: z.array(holder).optional(),
})

const outcome = z.enum(['done', 'unchanged', 'partial'])

export const document = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject({ version: z.literal(1), ...shape, error: error.optional() })

export const errorSchema = z.strictObject({ version: z.literal(1), error })

export const listSchema = document({ pools: z.array(poolSchema) })

const shortage = z.strictObject({ node, free: count, ready: count.optional() })

export const change = z.strictObject({
  pageSize,
  node: node.optional(),
  attribute: z.enum(['persistent', 'overcommit']),
  before: z.bigint(),
  requested: count,
  after: z.bigint(),
  short: count,
  becameSurplus: count.optional(),
  outcome,
  nodes: z.array(z.strictObject({ node, before: z.bigint(), after: z.bigint() })).optional(),
  shortage: z.array(shortage).optional(),
})

export const changeSchema = document({
  outcome,
  changes: z.array(change),
  pools: z.array(poolSchema),
})

export const demotion = z.strictObject({
  pageSize,
  to: pageSize,
  node: node.optional(),
  requested: count,
  demoted: count,
  before: count,
  after: count,
  gained: z.bigint(),
  outcome,
})

export const demoteSchema = document({
  outcome,
  changes: z.array(demotion),
  pools: z.array(poolSchema),
})

export const mount = z.strictObject({
  target: z.string().startsWith('/'),
  pageSize,
  size: count.optional(),
  minSize: count.optional(),
  inodes: count.optional(),
  used: z.bigint().optional(),
  free: count.optional(),
  files: count.optional(),
  uid: z.int().nonnegative(),
  gid: z.int().nonnegative(),
  mode: z.string().regex(/^[0-7]{4}$/),
  options: z.string().min(1),
  hidden: z.boolean(),
})

export const mountsSchema = document({ mounts: z.array(mount) })

const difference = z.strictObject({
  option: z.string().min(1),
  wanted: z.string().min(1),
  found: z.string().min(1),
})

export const persisted = z.strictObject({
  kind: z.enum(['fstab', 'systemd']),
  path: z.string().startsWith('/'),
  outcome: z.enum(['done', 'unchanged']),
  backup: z.string().startsWith('/').optional(),
})

export const mountSchema = document({
  outcome,
  mounts: z.tuple([mount]),
  differences: z.array(difference).min(1).optional(),
  /** With --persist: who mounts it at every start. */
  persisted: z.tuple([persisted]).optional(),
})

export const write = z.strictObject({
  path: z.string().startsWith('/'),
  value: z.union([z.bigint(), z.string()]),
  mempolicy: z
    .strictObject({ mode: z.enum(['preferred', 'bind', 'interleave']), nodes: z.array(z.bigint()) })
    .optional(),
})

export const dryRunSchema = document({ dryRun: z.literal(true), writes: z.array(write) })

/** Of what is no write: lines for a shell. */
export const commandsSchema = document({
  dryRun: z.literal(true),
  commands: z.array(z.string().min(1)),
})

export const completionSchema = document({ shell: z.string(), script: z.string() })

export const umountSchema = document({
  outcome: z.literal('done'),
  /** None where only what was written for later starts was there to be removed. */
  mounts: z.array(mount).max(1),
  pools: z.array(poolSchema),
  /** With --persist: what was removed. */
  persisted: z.array(persisted).max(2).optional(),
  returned: z.strictObject({ pageSize, pages: count, reservations: count }).optional(),
  /** What went away with the file system; absent where it lives on. */
  dropped: z.strictObject({ files: count, pages: count }).optional(),
  /** With --lazy: who keeps the file system. */
  kept: z.array(holder).optional(),
  /** Where the same file system is mounted still. */
  elsewhere: z
    .array(z.strictObject({ target: z.string(), pid: z.int().positive().optional() }))
    .optional(),
})
