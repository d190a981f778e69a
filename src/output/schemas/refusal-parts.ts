import { z } from 'zod'
import { type ErrorCode, exitCodes } from '../../errors.ts'

const word = z.string().min(1)

export const reasonsPart = z
  .array(
    z.strictObject({
      code: z.enum(Object.keys(exitCodes) as ErrorCode[]),
      message: word,
      hint: z.string().optional(),
    }),
  )
  .min(2)

export const differencesPart = z
  .array(z.strictObject({ option: word, wanted: word, found: word }))
  .min(1)

export const unaskedPart = z
  .array(z.strictObject({ option: word, usual: word, found: word }))
  .min(1)
