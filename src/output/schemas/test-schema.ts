import { z } from 'zod'
import { countSchema, documentSchema, nodeSchema, pageSizeSchema } from './schema.ts'

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
  pages: countSchema,
  total: countSchema,
  free: countSchema,
  reserved: z.bigint().optional(),
  surplus: countSchema,
  /** Against the step before. */
  change: moved.optional(),
  nodes: z
    .array(
      z.strictObject({
        node: nodeSchema,
        total: countSchema,
        free: countSchema,
        surplus: countSchema,
        change: moved.optional(),
      }),
    )
    .optional(),
  what: z.string().min(1),
})

const pageFrame = z.strictObject({
  page: countSchema,
  address: z.string().regex(/^0x[0-9a-f]+$/),
  /** In base pages; for root only. */
  pfn: countSchema.optional(),
  node: nodeSchema.optional(),
})

export const testSchema = documentSchema({
  outcome: z.enum(['done', 'partial', 'failed']),
  pageSize: pageSizeSchema,
  pages: countSchema,
  via: z.enum(['anon', 'file', 'memfd', 'shm']),
  sharing: z.enum(['private', 'shared']),
  path: z.string().optional(),
  steps: z.array(testStep).min(1),
  placement: z.array(z.strictObject({ node: nodeSchema, pages: countSchema })),
  frames: z.array(pageFrame).optional(),
  runs: countSchema.optional(),
  contiguousRuns: z.array(z.strictObject({ page: countSchema, pages: countSchema })).optional(),
  touch: z
    .strictObject({
      pages: countSchema,
      /** Faulted in by --populate, which is what the rates are of. */
      populated: countSchema.optional(),
      /** A whole number of seconds looks like a count. */
      seconds: z.union([z.number().min(0), countSchema]),
      threads: countSchema,
      /** Below ten with hundredths; neither rate for a device. */
      pagesPerSecond: z.union([z.number().min(0), countSchema]).optional(),
      bytesPerSecond: countSchema.optional(),
    })
    .optional(),
  verified: countSchema.optional(),
  /** The signal that ended it early. */
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).optional(),
  processes: z
    .array(z.strictObject({ pid: z.int().positive(), touched: countSchema, verified: countSchema }))
    .min(2)
    .optional(),
  failure: z
    .strictObject({
      page: countSchema.optional(),
      errno: z.string().min(1),
      why: z.string().min(1),
    })
    .optional(),
  advice: z.array(z.string().min(1)).min(1).optional(),
})
