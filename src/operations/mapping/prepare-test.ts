import { HugepoolError, refused } from '../../errors.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { enterCgroup } from '../../kernel/processes/enter-cgroup.ts'
import { readCpus } from '../../kernel/processes/proc-self.ts'
import { readTaskPolicy } from '../../kernel/processes/read-task-policy.ts'
import type { Tree } from '../../kernel/tree.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import { type MappingPlan, planMapping } from '../../model/mapping/mapping-plan.ts'
import type { MappingRequest } from '../../model/mapping/mapping-request.ts'
import { startWords } from '../../model/mapping/mapping-words.ts'
import { findPool } from '../../model/pools/machine.ts'
import { knownPolicy } from '../../model/processes/task-policy.ts'
import { asksForMost } from '../../model/words/assignment.ts'
import type { Policy } from '../../model/words/policy.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from '../processes/hints-on-holders.ts'
import { actorFor, identityAsked } from './other-user.ts'
import { readingLog } from './reading-log.ts'
import type { RunningTest } from './running-test.ts'

/** Makes the path absolute, so that every message names it the same way. */
const withWholePath = (request: MappingRequest): MappingRequest =>
  request.path === undefined ? request : { ...request, path: absolutePath(request.path) }

/**
 * Returns the policy that the threads of the test inherit from this process, where `max` depends on
 * it. A request that names a policy overrides it.
 */
const ownPolicy = (tree: Tree, { assignment, policy }: MappingRequest): Policy | undefined =>
  asksForMost(assignment) && policy === undefined ? knownPolicy(readTaskPolicy(tree)) : undefined

/** Plans the test. Where `max` comes to no pages, the error says who holds them. */
const plannedTest = async (ports: Ports, request: MappingRequest): Promise<MappingPlan> => {
  const { tree } = ports
  const machine = present({ ...readMachine(tree), heldPolicy: ownPolicy(tree, request) })
  try {
    return planMapping(machine, withWholePath(request), readCpus(tree))
  } catch (error) {
    if (!(error instanceof HugepoolError) || error.code !== 'E_REFUSED') throw error
    const { size } = findPool(machine, request.assignment.size)
    const hints = [error.hint?.split('\n') ?? [], await hintsOnHolders(ports, [size], true)].flat()
    throw refused(error.reason, error.message, hintText(hints))
  }
}

const cgroupsOf = ({ cgroup, madeAs }: MappingRequest): readonly string[] =>
  madeAs?.cgroups ?? (cgroup === undefined ? [] : [cgroup])

/** Marks an error as one met on the way to the subject of the test: its user and its cgroups. */
const atSubject = <T>(go: () => T): T => {
  try {
    return go()
  } catch (error) {
    throw error instanceof HugepoolError ? Object.assign(error, { ofSubject: true }) : error
  }
}

/**
 * Prepares a test. The cgroup is entered before the plan is made, because it decides which nodes
 * and CPUs there are. The user is changed last, because that user may not be allowed to enter the
 * cgroup.
 */
export const prepareTest = async (ports: Ports, request: MappingRequest): Promise<RunningTest> => {
  const { tree } = ports
  const signals = ports.watchSignals()
  const mapper = await ports.mapper()
  const identity = identityAsked(tree, request)
  atSubject(() => {
    for (const group of cgroupsOf(request)) enterCgroup(tree, group)
  })
  const plan = await plannedTest(ports, request)
  const log = readingLog(tree, plan.size, startWords)
  return { ports, mapper, plan, signals, log, actor: atSubject(() => actorFor(ports, identity)) }
}
