import { z } from 'zod'
import { stopSignals } from '../../errors.ts'
import { sharings, vias } from '../../model/mapping/mapping-request.ts'
import { countSchema, documentSchema, nodeSchema, pageSizeSchema } from './schema.ts'

// The schemas for `test` are here; those of all other commands are in schema.ts.

export const movedPart = z.strictObject({
  total: z.bigint(),
  free: z.bigint(),
  reserved: z.bigint().optional(),
  surplus: z.bigint(),
})

export const testStepPart = z.strictObject({
  step: z.enum(['start', 'create', 'open', 'map', 'share', 'touch', 'hold', 'unmap', 'delete']),
  /** Pages touched so far. */
  pages: countSchema,
  total: countSchema,
  free: countSchema,
  reserved: z.bigint().optional(),
  surplus: countSchema,
  /** Changes since the step before. */
  change: movedPart.optional(),
  nodes: z
    .array(
      z.strictObject({
        node: nodeSchema,
        total: countSchema,
        free: countSchema,
        surplus: countSchema,
        change: movedPart.optional(),
      }),
    )
    .optional(),
  what: z.string().min(1),
})

const pageFrame = z.strictObject({
  page: countSchema,
  address: z.string().regex(/^0x[0-9a-f]+$/),
  /** The number of the page frame, in base pages. Only root can read it. */
  pfn: countSchema.optional(),
  node: nodeSchema.optional(),
})

export const testSchema = documentSchema({
  outcome: z.enum(['done', 'partial', 'failed']),
  pageSize: pageSizeSchema,
  pages: countSchema,
  via: z.enum(vias),
  sharing: z.enum(sharings),
  path: z.string().optional(),
  steps: z.array(testStepPart).min(1),
  placement: z.array(z.strictObject({ node: nodeSchema, pages: countSchema })),
  frames: z.array(pageFrame).optional(),
  runs: countSchema.optional(),
  contiguousRuns: z.array(z.strictObject({ page: countSchema, pages: countSchema })).optional(),
  touch: z
    .strictObject({
      pages: countSchema,
      /** Pages faulted in by --populate. Where present, the rates count these pages. */
      populated: countSchema.optional(),
      /** A whole number of seconds is read as a bigint, as counts are. */
      seconds: z.union([z.number().min(0), countSchema]),
      threads: countSchema,
      /** Rates below ten pages per second have hundredths. A device has neither rate. */
      pagesPerSecond: z.union([z.number().min(0), countSchema]).optional(),
      bytesPerSecond: countSchema.optional(),
    })
    .optional(),
  verified: countSchema.optional(),
  /** The signal that ended the test early. */
  signal: z.enum(stopSignals).optional(),
  processes: z
    .array(z.strictObject({ pid: z.int().positive(), touched: countSchema, verified: countSchema }))
    .min(2)
    .optional(),
  failure: z
    .strictObject({
      page: countSchema.optional(),
      node: nodeSchema.optional(),
      errno: z.string().min(1),
      why: z.string().min(1),
    })
    .optional(),
  advice: z.array(z.string().min(1)).min(1).optional(),
})
