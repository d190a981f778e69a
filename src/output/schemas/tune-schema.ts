import * as z from 'zod'
import {
  countKey,
  documentSchema,
  forecastKeys,
  outcomeKey,
  pathKey,
  proseKey,
  valueKey,
} from './parts.ts'
import { writePart } from './pools-schema.ts'

const keyKey = z.string().min(1).describe('the name of the setting, such as shm-group or thp.64K')
const kernelFile = pathKey('the file of the kernel')

/** Where a file sets a setting at a start. */
const persistedKey = z.strictObject({
  file: pathKey('the file'),
  line: z.int().positive().optional().describe('the number of the line'),
  text: z.string().describe('what is written there'),
  value: valueKey(
    'what that is, in the unit of value; absent where it is no value of the setting',
  ).optional(),
})

export const settingPart = z.strictObject({
  key: keyKey,
  path: kernelFile,
  kind: z
    .enum(['group', 'bytes', 'pages', 'number', 'choice', 'switch'])
    .describe(
      'what the value is: the number of a group, bytes, base pages, a number, a word, 0 or 1',
    ),
  value: valueKey(
    'what it is now, in the unit of its file; absent where the kernel lacks it or does not show it',
  ).optional(),
  group: z.string().min(1).optional().describe('the name of the group'),
  choices: z.array(z.string().min(1)).optional().describe('the words that this kernel has for it'),
  accepts: proseKey('what it can be set to on this machine'),
  least: countKey('the least that it can be, in the unit of value; absent of words').optional(),
  most: countKey(
    'the most that it can be on this machine, in the unit of value; absent of words',
  ).optional(),
  recommended: countKey(
    'what it should at least be, in the unit of value; absent where there is no reason',
  ).optional(),
  why: proseKey('the reason').optional(),
  persisted: persistedKey
    .optional()
    .describe('what sets it at a start: the line that is overridden by no other'),
  needs: proseKey('what a kernel or machine has that has the file'),
})

export const settingChangePart = z.strictObject({
  key: keyKey,
  path: kernelFile,
  before: valueKey('what it was, in the unit of its file'),
  requested: valueKey('what was asked for, in the unit of its file'),
  after: valueKey(
    'what it is now, in the unit of its file; absent where the kernel does not show it any more',
  ).optional(),
  outcome: outcomeKey,
})

const settingsKey = z.array(settingPart)

/** What the files of a start say of settings that a call kept, or took out. */
export const keptSettingsPart = z.strictObject({
  read: z.boolean().describe('whether systemd starts this machine, which reads the files'),
  files: z
    .array(
      z.strictObject({
        path: pathKey('the file'),
        outcome: z
          .enum(['done', 'unchanged'])
          .describe('what came of it; unchanged where the file said so before'),
        keys: z
          .array(
            z.strictObject({
              key: keyKey,
              value: z
                .string()
                .min(1)
                .optional()
                .describe('what the file sets it to; absent where it no longer does'),
            }),
          )
          .describe('the settings of the call'),
      }),
    )
    .describe('the files of hugepool that a start reads'),
  overriddenBy: z
    .array(
      z.strictObject({
        key: keyKey,
        file: pathKey('the file'),
        line: z.int().positive().optional().describe('the number of the line'),
        text: z.string().describe('what is written there'),
      }),
    )
    .min(1)
    .optional()
    .describe('the lines of others that set the same otherwise, and win'),
})

const persistedSettings = keptSettingsPart
  .optional()
  .describe('with --persist or --unpersist: what the files of a start say of it')

const unreadKey = z
  .array(pathKey('a path'))
  .min(1)
  .optional()
  .describe('the files that may set settings at a start, and cannot be read')

export const settingsSchema = documentSchema({
  settings: settingsKey.describe('the settings, in the order of the manual'),
  unread: unreadKey,
})

export const tuneSchema = documentSchema({
  outcome: outcomeKey,
  changes: z.array(settingChangePart).describe('what was asked for, in that order'),
  settings: settingsKey.describe('those settings as they are afterwards'),
  persisted: persistedSettings,
})

export const plannedTuneSchema = documentSchema({
  dryRun: z.literal(true).describe('nothing was written'),
  writes: z.array(writePart).describe('what would be written, in order'),
  persisted: persistedSettings,
  ...forecastKeys,
})
