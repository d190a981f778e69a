import { HugepoolError } from '../../errors.ts'
import { type DoctorRequest, trialRequest } from '../../model/doctor/doctor-request.ts'
import type { DoctorResult, DoctorTrial } from '../../model/doctor/doctor-result.ts'
import { failureWords } from '../../model/mapping/mapping-words.ts'
import { present } from '../../model/words/present.ts'
import { testMapping } from '../mapping/test-mapping.ts'
import type { Ports } from '../ports.ts'
import type { FoundSubject } from './found-subject.ts'
import { leftOutOfTrial, trialSubject, whyUntried } from './trial-subject.ts'

/** What came of the test, or why none was made. */
export type Attempt = Pick<DoctorResult, 'trial' | 'untried'>

const trialIn = async (
  ports: Ports,
  request: DoctorRequest,
  found: FoundSubject,
): Promise<DoctorTrial> => {
  const asked = present({
    ...trialRequest(request),
    madeAs: trialSubject(ports.tree, request, found),
  })
  const result = await testMapping(ports, asked)
  const { outcome, failure } = result
  return { outcome, why: failure === undefined ? '' : failureWords(result, failure) }
}

/** Notes what the test went without, which can be why it was refused as well as why it was not. */
const withGaps = (
  { tree }: Ports,
  request: DoctorRequest,
  found: FoundSubject,
  trial: DoctorTrial,
): Attempt => {
  const without = leftOutOfTrial(tree, request, found)
  return { trial: without.length === 0 ? trial : { ...trial, without } }
}

/**
 * Makes the mapping as the subject that was found, as `test` does, and takes it away. A refusal answers
 * what was asked, unless it is this process that may not become that: then no test was made.
 */
export const tryMapping = async (
  ports: Ports,
  request: DoctorRequest,
  found: FoundSubject,
): Promise<Attempt> => {
  const { tree } = ports
  const untried = whyUntried(tree, request, found)
  if (untried !== undefined) return { untried }
  try {
    return withGaps(ports, request, found, await trialIn(ports, request, found))
  } catch (error) {
    if (!(error instanceof HugepoolError) || error.code === 'E_BUG') throw error
    return error.ofSubject
      ? { untried: error.message }
      : withGaps(ports, request, found, { outcome: 'refused', why: error.message })
  }
}
