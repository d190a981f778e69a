import { HugepoolError, refused } from '../../errors.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readCpus } from '../../kernel/processes/proc-self.ts'
import { type MappingPlan, planMapping } from '../../model/mapping/mapping-plan.ts'
import type { MappingRequest } from '../../model/mapping/mapping-request.ts'
import { startWords } from '../../model/mapping/mapping-words.ts'
import { findPool } from '../../model/pools/machine.ts'
import type { Ports } from '../ports.ts'
import { hintsOnHolders } from '../processes/hints-on-holders.ts'
import { readingLog } from './reading-log.ts'
import type { RunningTest } from './running-test.ts'

/** Makes the path absolute, so that every message names it the same way. */
const withWholePath = (request: MappingRequest): MappingRequest =>
  request.path === undefined ? request : { ...request, path: absolutePath(request.path) }

/** Plans the test. Where `max` is none, the error says who holds the pages. */
const plannedTest = async (ports: Ports, request: MappingRequest): Promise<MappingPlan> => {
  const { tree } = ports
  const machine = readMachine(tree)
  try {
    return planMapping(machine, withWholePath(request), readCpus(tree))
  } catch (error) {
    if (!(error instanceof HugepoolError) || error.code !== 'E_REFUSED') throw error
    const { size } = findPool(machine, request.assignment.size)
    const hints = [error.hint ?? [], await hintsOnHolders(ports, [size], true)].flat()
    throw refused(error.reason, error.message, hints.join('\n') || undefined)
  }
}

export const prepareTest = async (ports: Ports, request: MappingRequest): Promise<RunningTest> => {
  const signals = ports.watchSignals()
  const mapper = await ports.mapper()
  const plan = await plannedTest(ports, request)
  return { ports, mapper, plan, signals, log: readingLog(ports.tree, plan.size, startWords) }
}
