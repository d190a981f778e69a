import * as z from 'zod'
import { countKey, documentSchema, nodeKey, signedKey, sizeKey } from './parts.ts'
import { shownPoolPart } from './pools-schema.ts'
import { pageHolderPart } from './who-schema.ts'

// The schema for a line of `watch --json` is here.

const moreOrFewer = (text: string) =>
  signedKey(`${text}: more, or fewer, than at the look before`).optional()

const counterChangePart = z.strictObject({
  pageSize: sizeKey,
  node: nodeKey.optional().describe('the id of the node; absent for the whole pool'),
  total: moreOrFewer('pages in the pool, surplus included'),
  persistent: moreOrFewer('pages the administrator asked to keep'),
  free: moreOrFewer('pages that are not handed out'),
  reserved: moreOrFewer('free pages promised to a mapping'),
  available: moreOrFewer('pages that a new mapping can get'),
  inUse: moreOrFewer('pages handed out'),
  surplus: moreOrFewer('pages above persistent'),
  overcommit: moreOrFewer('surplus pages that may come into being'),
})

export const watchSchema = documentSchema({
  look: countKey('the number of the look, from 1'),
  time: z.iso.datetime().describe('when it was'),
  elapsed: countKey('the time since the first look, in thousandths of seconds'),
  pools: z.array(shownPoolPart).describe('the pools, smallest pages first'),
  changes: z
    .array(counterChangePart)
    .describe('what is different from the look before; what is the same is absent'),
  events: z.array(z.string().min(1)).describe('the changes in sentences; prose'),
  holders: z.array(pageHolderPart).optional().describe('with --who: who and what holds pages'),
  until: z
    .strictObject({
      expression: z.string().describe('the expression as it was typed'),
      holds: z.boolean().describe('whether it is true'),
    })
    .optional()
    .describe('with --until: what is waited for'),
})
