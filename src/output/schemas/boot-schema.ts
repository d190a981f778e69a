import * as z from 'zod'
import { countKey, documentSchema, nodeKey, proseKey, sizeKey } from './parts.ts'

const wordKeys = {
  word: z.string().min(1).describe('the word, as it stands on the line'),
  place: z
    .int()
    .positive()
    .describe('the number of the character of the line at which it begins, from 1'),
  means: proseKey('what it asks for'),
  result: z
    .enum(['used', 'overridden', 'ignored', 'dropped', 'short', 'no-boot'])
    .describe('what came of it; no-boot where the kernel ends at it'),
  message: z.string().min(1).optional().describe('what the kernel says of it'),
  why: proseKey('why it came so, where the kernel says nothing').optional(),
}

const poolsKey = z
  .array(
    z.strictObject({
      pageSize: sizeKey,
      total: countKey('the pages'),
      nodes: z
        .array(z.strictObject({ node: nodeKey, total: countKey('the pages of the node') }))
        .describe('the nodes that are online'),
    }),
  )
  .describe('the pools, smallest pages first')

const defaultKey = sizeKey.describe('the default page size, in bytes')

const areaPart = z.strictObject({ node: nodeKey, memory: countKey('its bytes') })

const otherPart = z.strictObject({
  kernels: z.string().min(1).describe('from which series to which, such as 5.10 to 5.15'),
  why: proseKey('what they make of it'),
})

/** What a line comes to. */
export const predictedPart = z.strictObject({
  boots: z.boolean().describe('false where the kernel ends before it says a word'),
  default: defaultKey,
  pools: poolsKey,
  areas: z.array(areaPart).min(1).optional().describe('the areas of CMA for gigantic pages'),
  messages: z.array(z.string()).describe("what the kernel's log says of it"),
})

export const bootSchema = documentSchema({
  line: z.string().describe('the kernel command line'),
  kernel: z
    .string()
    .regex(/^\d+\.\d+$/)
    .describe('the series of the kernel that reads it'),
  words: z.array(z.strictObject(wordKeys)).describe('the words about huge pages, in their order'),
  predicted: predictedPart.describe('what the line comes to'),
  found: z
    .strictObject({ default: defaultKey.optional(), pools: poolsKey })
    .optional()
    .describe('the pools of this machine; absent for a line or a kernel that is not its own'),
  faults: z
    .array(z.strictObject({ ...wordKeys, instead: proseKey('what can be written in place of it') }))
    .optional()
    .describe('with --check: the words that are not used as they stand'),
  others: z
    .array(otherPart)
    .min(1)
    .optional()
    .describe('with --kernel all: the kernels on which the line comes to something else'),
})
