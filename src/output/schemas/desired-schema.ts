import * as z from 'zod'
import { itemAttributes, itemStates } from '../../model/config/config-item.ts'
import { wholeStates } from '../../model/config/whole-state.ts'
import {
  countKey,
  documentSchema,
  failureKeys,
  forecastKeys,
  nodeKey,
  outcomeKey,
  pathKey,
  proseKey,
  sizeKey,
  valueKey,
} from './parts.ts'
import { poolSchema } from './pools-schema.ts'
import { writerKeys } from './writer-schema.ts'

const nameKeys = {
  attribute: z.enum(itemAttributes).describe('what of the machine it is about'),
  pageSize: sizeKey.optional(),
  node: nodeKey.optional().describe('the id of the node; absent where the whole pool is meant'),
  target: z.string().min(1).optional().describe('the mount point'),
  key: z.string().min(1).describe('the key of the configuration, such as pools.2M.pages'),
  essential: z.boolean().describe('whether a lack of it is a failure, and no warning'),
  atLeast: z.literal(true).optional().describe('more than what is wanted is as wanted too'),
}

export const itemPart = z.strictObject({
  ...nameKeys,
  wanted: valueKey('what the configuration wants: pages, bytes, an id, or words'),
  found: valueKey(
    'what there is, as in wanted; absent where there is nothing, or nothing can be seen',
  ).optional(),
  state: z.enum(itemStates).describe('how what there is compares with what is wanted'),
  why: proseKey('why it is not as wanted').optional(),
  possible: countKey('of what is short: the most pages that can be had').optional(),
  file: pathKey('the file that wants it').optional(),
  line: z.int().positive().optional().describe('the number of its line'),
})

export const configChangePart = z.strictObject({
  ...nameKeys,
  before: valueKey(
    'what there was: pages, bytes, an id, or words; absent where there was nothing',
  ).optional(),
  requested: valueKey('what the configuration wants: pages, bytes, an id, or words'),
  after: valueKey('what there is now, as in requested; absent before a real run').optional(),
  outcome: outcomeKey.optional().describe('what came of it; absent before a real run'),
  error: z.strictObject(failureKeys).optional().describe('what kept it from being changed'),
})

export const unnamedPart = z.strictObject({
  target: pathKey('the mount point'),
  pruned: z.boolean().describe('whether it was unmounted'),
  error: z.strictObject(failureKeys).optional().describe('why it could not be'),
})

const filesKeys = {
  files: z.array(z.string().min(1)).describe('the files that were read, later ones win'),
  skipped: z
    .array(
      z.strictObject({
        file: z.string().min(1).describe('a file that says nothing here'),
        why: proseKey('the reason'),
      }),
    )
    .min(1)
    .optional()
    .describe('the files that say nothing here'),
}

const stateKeys = {
  state: z.enum(wholeStates).describe('whether the machine is as its configuration wants it'),
  rebootRequired: z.boolean().describe('whether only another start brings something of it'),
  nextBoot: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('the keys of what only another start brings'),
}

const itemsKey = z
  .array(itemPart)
  .describe('everything that is wanted, compared with what there is')

const unnamedKey = z
  .array(unnamedPart)
  .min(1)
  .optional()
  .describe('mounts that an earlier apply made, and that the configuration no longer names')

export const applySchema = documentSchema({
  outcome: outcomeKey,
  ...stateKeys,
  changes: z.array(configChangePart).describe('what was not as wanted, before and after'),
  items: itemsKey.describe('everything that is wanted, compared with what there is afterwards'),
  unnamed: unnamedKey,
  pools: z.array(poolSchema).describe('all pools as they are afterwards'),
  ...filesKeys,
})

export const plannedApplySchema = documentSchema({
  dryRun: z.literal(true).describe('nothing was changed'),
  ...stateKeys,
  changes: z.array(configChangePart).describe('what is not as wanted'),
  items: itemsKey,
  unnamed: unnamedKey,
  commands: z.array(z.string().min(1)).describe('lines for a shell that do the same, in order'),
  ...filesKeys,
  ...forecastKeys,
})

export const checkSchema = documentSchema({
  state: stateKeys.state.optional().describe('absent where the files alone were judged'),
  rebootRequired: stateKeys.rebootRequired.optional(),
  nextBoot: stateKeys.nextBoot,
  items: itemsKey,
  changes: z
    .array(configChangePart)
    .optional()
    .describe('what is not as wanted, as apply has it; absent where the files alone were judged'),
  ...writerKeys,
  ...filesKeys,
})
