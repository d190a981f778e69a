import { answerWords } from '../../model/doctor/answer-words.ts'
import type { DoctorRequest } from '../../model/doctor/doctor-request.ts'
import { answerOf, type DoctorResult } from '../../model/doctor/doctor-result.ts'
import { lookUntil } from '../look-until.ts'
import type { Ports } from '../ports.ts'
import { type Examined, examineMapping } from './examine-mapping.ts'

/** The least time between two looks while a yes is waited for, in milliseconds. */
const lookMilliseconds = 200

/** Looks until the answer is yes, the time is up or a signal comes. */
const waitForYes = async (
  ports: Ports,
  request: DoctorRequest,
  most: number,
): Promise<Examined> => {
  const { found: last, signal } = await lookUntil(ports, {
    look: () => examineMapping(ports, request),
    isDone: ({ result }) => answerOf(result) === 'yes',
    every: lookMilliseconds,
    most,
    words: ({ result }) => `waiting: ${answerWords(result)[0]}`,
  })
  return signal === undefined ? last : { ...last, result: { ...last.result, signal } }
}

/**
 * Answers whether an application would get its pages, with the test after it where that was asked for.
 * Throws E_USAGE for what is named and is not there.
 */
export const answerRequest = async (
  ports: Ports,
  request: DoctorRequest,
): Promise<DoctorResult> => {
  const { wait, tries } = request
  const { result, found } =
    wait === undefined
      ? await examineMapping(ports, request)
      : await waitForYes(ports, request, wait)
  if (!tries || result.asked === undefined || result.signal !== undefined) return result
  const { tryMapping } = await import('./try-mapping.ts')
  return { ...result, ...(await tryMapping(ports, request, found)) }
}
