import * as z from 'zod'
import { stopSignals } from '../../errors.ts'
import { sharings, vias } from '../../model/mapping/mapping-request.ts'
import { type FailureReason, failureReasons } from '../../model/words/failure-reason.ts'
import {
  countKey,
  countSchema,
  documentSchema,
  nodeKey,
  pidKey,
  proseKey,
  signedKey,
  sizeKey,
} from './parts.ts'

export const movedPart = z.strictObject({
  total: signedKey('pages that came to the pool'),
  free: signedKey('pages that became free'),
  reserved: signedKey('pages that became reserved').optional(),
  surplus: signedKey('surplus pages that came into being'),
})

/** No node has a count of reservations, which are of the whole pool. */
const { reserved: _, ...countedOnNodes } = movedPart.shape
export const nodeMovedPart = z.strictObject(countedOnNodes)

const changeText = 'what has changed since the step before'

const counters = {
  total: countKey('pages in the pool, surplus included'),
  free: countKey('pages that are not handed out'),
}

export const testStepPart = z.strictObject({
  step: z
    .enum(['start', 'create', 'open', 'map', 'share', 'touch', 'fork', 'hold', 'unmap', 'delete'])
    .describe('what was done'),
  pages: countKey('pages touched so far'),
  ...counters,
  reserved: signedKey('free pages promised to a mapping').optional(),
  surplus: countKey('pages above persistent'),
  change: movedPart.optional().describe(changeText),
  nodes: z
    .array(
      z.strictObject({
        node: nodeKey,
        ...counters,
        surplus: countKey('surplus pages of the node'),
        change: nodeMovedPart.optional().describe(changeText),
      }),
    )
    .optional()
    .describe('the counters of each node'),
  what: proseKey('what happened'),
})

const pageFrame = z.strictObject({
  page: countKey('the number of the page in the test, from 0'),
  address: z
    .string()
    .regex(/^0x[0-9a-f]+$/)
    .describe('its address in the process, as a string'),
  pfn: countKey('the number of its page frame, in base pages; for root').optional(),
  node: nodeKey.optional(),
})

const runPart = z.strictObject({
  page: countKey('its first page'),
  pages: countKey('how many pages it has'),
})

const touchPart = z.strictObject({
  pages: countKey('pages that were touched'),
  populated: countKey('pages that --populate faulted in; the rates are of these').optional(),
  // A whole number of seconds is read as a bigint, as counts are.
  seconds: z.union([z.number().min(0), countSchema]).describe('how long it took, in seconds'),
  threads: countKey('how many threads touched them'),
  pagesPerSecond: z
    .union([z.number().min(0), countSchema])
    .optional()
    .describe('pages in a second, below ten with hundredths; a device has none'),
  bytesPerSecond: countKey('bytes in a second; a device has none').optional(),
})

const forkPart = z.strictObject({
  written: countKey('pages that the child wrote'),
  copied: countKey('pages that the kernel copied for it'),
})

const processPart = z.strictObject({
  pid: pidKey,
  touched: countKey('pages that it touched'),
  verified: countKey('pages that it read back as they were written'),
})

const failurePart = z.strictObject({
  page: countKey('the page that could not be had, from 0').optional(),
  node: nodeKey.optional().describe('the id of the node whose mapping was refused'),
  errno: z.string().min(1).describe('the error as a program would meet it, such as SIGBUS'),
  reason: z
    .enum(Object.keys(failureReasons) as FailureReason[])
    .describe('which failure it is, as in error'),
  why: proseKey('why'),
})

export const testSchema = documentSchema({
  outcome: z
    .enum(['done', 'partial', 'failed'])
    .describe('what came of it: partial is after some pages, failed before the first'),
  pageSize: sizeKey,
  pages: countKey('pages that were to be mapped'),
  via: z.enum(vias).describe('how they were asked for'),
  sharing: z.enum(sharings).describe('for this process alone, or for others as well'),
  path: z.string().optional().describe('the file that was mapped, by --path'),
  user: z.string().optional().describe('the user who made the test, by --user'),
  group: z.string().optional().describe('its group, by --group'),
  cgroup: z.string().optional().describe('the cgroup of the test, by --cgroup'),
  steps: z.array(testStepPart).min(1).describe('the counters after each step'),
  placement: z
    .array(z.strictObject({ node: nodeKey, pages: countKey('pages touched that lie on it') }))
    .describe('how many pages lie on each node'),
  frames: z.array(pageFrame).optional().describe('with --frames: each page that was touched'),
  runs: countKey('with --frames: how many runs of pages follow each other in memory').optional(),
  contiguousRuns: z.array(runPart).optional().describe('with --frames: these runs'),
  touch: touchPart.optional().describe('how fast it was; absent where no page was touched'),
  fork: forkPart.optional().describe('with --fork: what a child of fork(2) did'),
  verified: countKey('pages that were read back as they were written').optional(),
  signal: z.enum(stopSignals).optional().describe('the signal that ended the test early'),
  processes: z
    .array(processPart)
    .min(2)
    .optional()
    .describe('with --processes: each process, this one included'),
  failure: failurePart.optional().describe('what went wrong with a page or with the mapping'),
  advice: z.array(z.string().min(1)).min(1).optional().describe('what helps; prose'),
})
