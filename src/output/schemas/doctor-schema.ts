import * as z from 'zod'
import { stopSignals } from '../../errors.ts'
import { answers, checkResultWords } from '../../model/doctor/check-finding.ts'
import { type CheckName, namesOfChecks } from '../../model/doctor/check-names.ts'
import { vias } from '../../model/mapping/mapping-request.ts'
import { countKey, documentSchema, proseKey, sizeKey, valueKey } from './parts.ts'

const checkPart = z.strictObject({
  check: z.enum(namesOfChecks as [CheckName, ...CheckName[]]).describe('the name of the check'),
  result: z.enum(checkResultWords).describe('what it came to'),
  has: valueKey(
    'what there is, or is allowed, as in needs; absent where nothing limits it',
  ).optional(),
  needs: valueKey('what the application needs: pages, bytes, a number, or words').optional(),
  why: proseKey('why').optional(),
  hints: z.array(z.string().min(1)).min(1).optional().describe('what can be done; prose'),
})

const trialPart = z.strictObject({
  outcome: z
    .enum(['done', 'partial', 'failed', 'refused'])
    .describe('what came of it, as in test; refused is a test that ended with an error'),
  differs: z.boolean().describe('whether the checks had said otherwise'),
  why: proseKey('why not all was done').optional(),
  without: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('what the test did not have of the process in whose place it was made'),
})

export const doctorSchema = documentSchema({
  answer: z.enum(answers).describe('whether the application would get its pages'),
  pageSize: sizeKey.optional(),
  pages: countKey('the pages that were asked for').optional(),
  via: z.enum(vias).optional().describe('how they were asked for'),
  checks: z.array(checkPart).min(1).describe('what was looked at, in the order of the kernel'),
  trial: trialPart.optional().describe('with --try: what the test came to, which is the answer'),
  untried: proseKey('why no test was made').optional(),
  signal: z.enum(stopSignals).optional().describe('the signal that ended the waiting'),
})
