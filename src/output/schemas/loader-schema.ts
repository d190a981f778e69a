import * as z from 'zod'
import { predictedPart } from './boot-schema.ts'
import { documentSchema, proseKey } from './parts.ts'

const wordsKey = z.string().describe('the words about HugeTLB, in their order')

const bootedKeys = {
  line: z.string().describe('the kernel command line'),
  words: wordsKey,
  predicted: predictedPart.optional().describe('what comes of it; absent where nothing tells'),
}

export const loaderSchema = documentSchema({
  action: z.enum(['install', 'remove', 'pending']).describe('what was asked for'),
  outcome: z
    .enum(['done', 'unchanged', 'partial', 'printed'])
    .optional()
    .describe(
      'of install and remove: what came of it; printed where the administrator has to do it',
    ),
  loader: z
    .strictObject({
      name: z.string().min(1).describe('which boot loader it is, as a word'),
      title: proseKey('the same for a person'),
    })
    .describe('the boot loader that was found'),
  lines: z.array(z.string()).min(1).optional().describe('what the administrator has to do'),
  configured: z
    .strictObject({ path: z.string().describe('the file that says so'), words: wordsKey })
    .optional()
    .describe('what the boot loader is told'),
  next: z
    .strictObject({
      path: z.string().min(1).describe('the file of the boot loader, or what was asked'),
      title: z.string().describe('the entry that is booted without a choice'),
      release: z.string().min(1).optional().describe('the release of its kernel'),
      ...bootedKeys,
    })
    .optional()
    .describe('what will be booted; absent where it cannot be read'),
  kexec: z
    .strictObject({
      path: z.string().min(1).describe('the file that has its line'),
      line: bootedKeys.line.optional(),
      words: wordsKey.optional(),
      predicted: bootedKeys.predicted,
    })
    .optional()
    .describe(
      'what a reboot by kexec starts with, past the boot loader; absent where it goes through it; without a line where nothing tells that',
    ),
  now: z.strictObject(bootedKeys).optional().describe('what was booted'),
  differs: z
    .array(z.enum(['next-boot', 'kexec', 'this-boot']))
    .optional()
    .describe(
      'of pending: which of the lines has other words than the one before it, or kexec than the next boot',
    ),
})
