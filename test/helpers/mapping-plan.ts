import { type MappingPlan, planMapping } from '../../src/model/mapping/mapping-plan.ts'
import { checkRequest, type MappingRequest } from '../../src/model/mapping/mapping-request.ts'
import type { Machine, Pool } from '../../src/model/pools/machine.ts'
import type { Cpus } from '../../src/model/processes/cpus.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'
import { machineOf, nodeOf, poolOf } from './run.ts'
import { G, M } from './sizes.ts'

/** What `test ASSIGNMENT` asks for without an option, and with those that are given. */
export const mappingRequest = (
  assignment: string,
  rest: Partial<MappingRequest> = {},
): MappingRequest => ({
  assignment: parseAssignment(assignment),
  populate: false,
  noreserve: false,
  verify: false,
  frames: false,
  readOften: false,
  processes: 1,
  ...rest,
})

/** Ten pages of 2M, six of them on node 0. */
export const small: Pool = poolOf(2n * M, {
  isDefault: true,
  total: 10n,
  free: 10n,
  nodes: [
    { node: 0, total: 6n, free: 6n, surplus: 0n },
    { node: 1, total: 4n, free: 4n, surplus: 0n },
    { node: 3, total: 0n, free: 0n, surplus: 0n },
  ],
})

export const gigantic: Pool = poolOf(G)

/** Two nodes of 8G and one without memory. */
export const machineWith = (...pools: readonly Pool[]): Machine =>
  machineOf(pools, [nodeOf(0, 8n * G), nodeOf(1, 8n * G), nodeOf(3, 0n)])

/** Node 0 has CPUs 0 to 3, node 1 those from 4 to 7. */
export const cpusOf = (...allowed: readonly number[]): Cpus => ({
  allowed,
  ofNode: (node) =>
    [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ][node] ?? [],
})

export const allCpus: Cpus = cpusOf(0, 1, 2, 3, 4, 5, 6, 7)

export const planOf = (
  assignment: string,
  rest: Partial<MappingRequest> = {},
  machine: Machine = machineWith(small, gigantic),
  cpus: Cpus = allCpus,
): MappingPlan => planMapping(machine, checkRequest(mappingRequest(assignment, rest)), cpus)
