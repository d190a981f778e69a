import * as z from 'zod'
import { type ErrorCode, exitCodes, stopSignals } from '../../errors.ts'
import { type FailureReason, failureReasons } from '../../model/words/failure-reason.ts'

// The schemas describe the JSON documents to their readers. Tests parse every printed document with
// its schema, and hold every key to a description. All objects are strict: a key that is not
// described here does not belong in a document. What several documents have is in this file.

export const countSchema = z.bigint().min(0n)
export const nodeSchema = z.int().min(0)
export const pageSizeSchema = z.bigint().positive()

/** Describes a count of pages or bytes. */
export const countKey = (text: string) => countSchema.describe(text)
/** Describes a number that can be below zero, because the kernel's counters can be out of step. */
export const signedKey = (text: string) => z.bigint().describe(text)
/** Describes a number or words: the value of a setting or of a check. */
export const valueKey = (text: string) => z.union([countSchema, z.string()]).describe(text)
export const proseKey = (text: string) => z.string().min(1).describe(`${text}; prose`)
/** Describes an absolute path. */
export const pathKey = (text: string) => z.string().startsWith('/').describe(text)

export const sizeKey = pageSizeSchema.describe('the page size, in bytes')
export const nodeKey = nodeSchema.describe('the id of the NUMA node')
export const pidKey = z.int().positive().describe('the number of the process')
export const outcomeKey = z.enum(['done', 'unchanged', 'partial']).describe('what came of it')

export const holderPart = z.strictObject({
  pid: pidKey,
  command: z.string().describe('the name of the process'),
  holds: z
    .enum(['open file', 'mapping', 'working directory', 'root'])
    .describe('by what it holds the mount'),
  path: z.string().describe('what it holds, as its path'),
  pages: countKey('the pages of that file').optional(),
})

const unexaminedPart = z.strictObject({
  pid: pidKey,
  command: z.string().describe('the name of the process'),
  errno: z.string().min(1).describe("the kernel's answer, such as EACCES"),
})

export const unexaminedKey = z
  .array(unexaminedPart)
  .min(1)
  .optional()
  .describe('the processes that could not be looked into, and may hold it too')

export const unseenKey = z
  .strictObject({
    processes: countKey('how many processes could not be looked into'),
    pids: z.array(pidKey).min(1).optional().describe('their numbers'),
    directories: countKey('how many directories of mounts have files that could not be looked at'),
    hidden: z
      .literal(true)
      .optional()
      .describe(
        '/proc does not show all processes (hidepid, a PID namespace), and the others are not counted',
      ),
  })
  .describe('what could not be seen')

/** What every failure says of itself: which one it is, in words, and what can be done. */
export const failureKeys = {
  code: z
    .enum(Object.keys(exitCodes) as ErrorCode[])
    .describe(
      'of what kind the failure is; it decides the exit status, but for 64 where some was done',
    ),
  reason: z
    .enum(Object.keys(failureReasons) as FailureReason[])
    .describe('which failure it is: one word of a closed list'),
  message: proseKey('what went wrong, and why'),
  hint: z.string().optional().describe('what can be done, one line for each hint; prose'),
  hints: z.array(z.string()).min(1).optional().describe('the lines of hint, each by itself; prose'),
}

const proseList = (text: string) =>
  z.array(z.string().min(1)).min(1).optional().describe(`${text}; prose`)

/** The sentences of standard error, except those of an error, which has them itself. */
const remarkKeys = {
  notes: proseList('the sentences that standard error has, but for those of an error'),
  hints: proseList('what explains them, or can be done about them'),
}

/** The key for the right that a real run would lack. */
export const forecastKeys = {
  denied: z
    .strictObject(failureKeys)
    .optional()
    .describe('the error that the real run would end with, because a right is lacking'),
}

export const errorPart = z.strictObject({
  ...failureKeys,
  signal: z
    .enum(stopSignals)
    .optional()
    .describe('the signal that stopped the work, where the work ended with this error'),
  pageSize: countKey('the page size that has no pool here, in bytes').optional(),
  holders: z.array(holderPart).optional().describe('who holds a mount that is busy'),
  unexamined: unexaminedKey,
  reasons: z
    .array(z.strictObject(failureKeys))
    .min(2)
    .optional()
    .describe('where several things are in the way: each, in the order in which to mend them'),
  done: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('what was done before the error, which the document does not tell otherwise'),
})

export const versionKey = z
  .literal(1)
  .describe('the version of the document: it rises when a key goes or changes its meaning')

export const documentSchema = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject({
    version: versionKey,
    ...shape,
    ...remarkKeys,
    error: errorPart.optional().describe('what ended the work after something had been done'),
  })

export const errorSchema = z.strictObject({
  version: versionKey,
  notes: remarkKeys.notes,
  error: errorPart.describe('what went wrong'),
})

/** A dry run whose lines are shell commands, not writes to kernel files. */
export const commandsSchema = documentSchema({
  dryRun: z.literal(true).describe('nothing was changed'),
  commands: z.array(z.string().min(1)).describe('lines for a shell that do the same, in order'),
  ...forecastKeys,
})
