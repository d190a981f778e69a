import { z } from 'zod'
import { count, document, node, pageSize } from './schema.ts'

/** The document of `test`; the rest is in schema.ts. */
export const moved = z.strictObject({
  total: z.bigint(),
  free: z.bigint(),
  reserved: z.bigint().optional(),
  surplus: z.bigint(),
})

export const testStep = z.strictObject({
  step: z.enum(['start', 'create', 'open', 'map', 'share', 'touch', 'hold', 'unmap', 'delete']),
  /** Touched so far. */
  pages: count,
  total: count,
  free: count,
  reserved: z.bigint().optional(),
  surplus: count,
  /** Against the step before. */
  change: moved.optional(),
  nodes: z
    .array(
      z.strictObject({ node, total: count, free: count, surplus: count, change: moved.optional() }),
    )
    .optional(),
  what: z.string().min(1),
})

const pageFrame = z.strictObject({
  page: count,
  address: z.string().regex(/^0x[0-9a-f]+$/),
  /** In base pages; for root only. */
  pfn: count.optional(),
  node: node.optional(),
})

export const testSchema = document({
  outcome: z.enum(['done', 'partial', 'failed']),
  pageSize,
  pages: count,
  via: z.enum(['anon', 'file', 'memfd', 'shm']),
  sharing: z.enum(['private', 'shared']),
  path: z.string().optional(),
  steps: z.array(testStep).min(1),
  placement: z.array(z.strictObject({ node, pages: count })),
  frames: z.array(pageFrame).optional(),
  runs: count.optional(),
  contiguousRuns: z.array(z.strictObject({ page: count, pages: count })).optional(),
  touch: z
    .strictObject({
      pages: count,
      /** Faulted in by --populate, which is what the rates are of. */
      populated: count.optional(),
      /** A whole number of seconds looks like a count. */
      seconds: z.union([z.number().min(0), count]),
      threads: count,
      /** Below ten with hundredths; neither rate for a device. */
      pagesPerSecond: z.union([z.number().min(0), count]).optional(),
      bytesPerSecond: count.optional(),
    })
    .optional(),
  verified: count.optional(),
  /** The signal that ended it early. */
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).optional(),
  processes: z
    .array(z.strictObject({ pid: z.int().positive(), touched: count, verified: count }))
    .min(2)
    .optional(),
  failure: z
    .strictObject({ page: count.optional(), errno: z.string().min(1), why: z.string().min(1) })
    .optional(),
  advice: z.array(z.string().min(1)).min(1).optional(),
})
