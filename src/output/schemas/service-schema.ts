import * as z from 'zod'
import { serviceKinds } from '../../model/config/service/service-kind.ts'
import { documentSchema, pathKey } from './parts.ts'

export const serviceStatePart = z.strictObject({
  init: z.enum(serviceKinds).describe('what starts the machine'),
  path: pathKey('the file of the service'),
  state: z
    .enum(['enabled', 'disabled', 'absent', 'foreign', 'masked'])
    .describe('whether it is there and starts; foreign where hugepool did not write it'),
  starts: z
    .enum(['early', 'later'])
    .optional()
    .describe('before file systems are mounted, or after those of the machine'),
  program: z
    .array(pathKey('a path'))
    .optional()
    .describe(
      'node and the file of hugepool that the service runs; hugepool alone where it is one file',
    ),
  missing: z
    .array(pathKey('a path'))
    .min(1)
    .optional()
    .describe('those of program that are not there'),
  last: z
    .strictObject({
      outcome: z
        .enum(['none', 'running', 'done', 'partial', 'failed', 'skipped'])
        .describe('how it ended; none where it did not run since the machine was started'),
      status: z.int().nonnegative().optional().describe('the exit status of the program'),
      result: z.string().min(1).optional().describe('the word of systemd for a failure'),
    })
    .optional()
    .describe('the last run; absent where the init does not tell'),
})

export const serviceSchema = documentSchema({
  action: z.enum(['install', 'remove', 'status']).describe('what was asked for'),
  outcome: z
    .enum(['done', 'unchanged'])
    .optional()
    .describe('of install and remove: what came of it'),
  service: serviceStatePart.describe('the service as it is afterwards'),
})

export const metricsTimerSchema = documentSchema({
  action: z.enum(['metrics install', 'metrics remove']).describe('what was asked for'),
  outcome: z.enum(['done', 'unchanged']).describe('what came of it'),
  paths: z.array(pathKey('a path')).min(1).describe('the units'),
  textfile: pathKey('the file that is written; absent where there was no timer').optional(),
})

export const printedServiceSchema = documentSchema({
  action: z.literal('print').describe('what was asked for'),
  init: z.enum(serviceKinds).optional().describe('what starts the machine; absent for a consumer'),
  paths: z.array(pathKey('a path')).min(1).describe('the files that the text is for'),
  text: z.string().min(1).describe('the text'),
})
