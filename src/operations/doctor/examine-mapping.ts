import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readCpus } from '../../kernel/processes/proc-self.ts'
import { checkMapping } from '../../model/doctor/checks.ts'
import type { DoctorRequest } from '../../model/doctor/doctor-request.ts'
import type { DoctorResult } from '../../model/doctor/doctor-result.ts'
import { planFinding } from '../../model/doctor/plan-finding.ts'
import { planMapping } from '../../model/mapping/mapping-plan.ts'
import { knownPolicy } from '../../model/processes/task-policy.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { findSubject } from './find-subject.ts'
import type { FoundSubject } from './found-subject.ts'
import { gatherDoctorFacts } from './gather-doctor-facts.ts'

/** What one look came to, and the subject that it was about. */
export interface Examined {
  readonly result: DoctorResult
  readonly found: FoundSubject
}

/**
 * Looks once whether an application would get its pages. Reads only. Throws E_USAGE for words that
 * make no sense on any machine; what this machine lacks is a finding.
 */
export const examineMapping = async (ports: Ports, request: DoctorRequest): Promise<Examined> => {
  const { tree } = ports
  const found = await findSubject(ports, request)
  const { allowedNodes } = found
  const heldPolicy = knownPolicy(found.policy)
  const machine = present({ ...readMachine(tree), allowedNodes, heldPolicy })
  try {
    const plan = planMapping(machine, request, readCpus(tree))
    const facts = gatherDoctorFacts(ports, machine, plan, found, request)
    const { size, pages, via } = plan
    const asked = { size, pages, via, whose: found.subject.words }
    return { result: { asked, findings: checkMapping(facts) }, found }
  } catch (error) {
    const finding = error instanceof HugepoolError ? planFinding(error) : undefined
    if (finding === undefined) throw error
    return { result: { findings: [finding] }, found }
  }
}
