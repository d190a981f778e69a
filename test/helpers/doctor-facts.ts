import type { DoctorFacts } from '../../src/model/doctor/doctor-facts.ts'
import type { MappingRequest } from '../../src/model/mapping/mapping-request.ts'
import type { FaultFacts } from '../../src/model/mapping/reasons/fault-facts.ts'
import type { ProcessIdentity } from '../../src/model/processes/process-identity.ts'
import { present } from '../../src/model/words/present.ts'
import { around } from './fault-facts.ts'
import { planOf } from './mapping-plan.ts'

/** Four pages of 2M are asked of a pool that has ten, and nothing more was seen of the machine. */
export const doctorFacts = (
  rest: Partial<Omit<DoctorFacts, 'pages'>> = {},
  pages: Partial<FaultFacts> = {},
): DoctorFacts => ({
  plan: planOf('2M=4'),
  subject: { words: '', process: 'self', hasBorrowedLimits: false },
  fork: false,
  limits: {},
  space: {},
  ...rest,
  pages: around({ wanted: 4n, ...pages }),
})

/** What the kernel meets with these mappings, one after the other. */
export const mappings = (
  parts: DoctorFacts['plan']['parts'],
  pages: Partial<FaultFacts> = {},
  rest: Partial<Pick<DoctorFacts, 'plan' | 'fork'>> = {},
): DoctorFacts => {
  const [first, ...others] = parts
  const later = others.map(({ pages: wanted, policy }) => present({ pages: wanted, policy }))
  const plan = rest.plan ?? planOf('2M=4')
  const total = parts.reduce((sum, part) => sum + part.pages, 0n)
  return doctorFacts(
    { ...rest, plan: { ...plan, parts, pages: total } },
    {
      ...present({ wanted: first?.pages, policy: first?.policy }),
      ...(later.length > 0 && { later }),
      ...pages,
    },
  )
}

/** Asks for pages by an assignment. */
export const asking = (
  assignment: string,
  pages: Partial<FaultFacts> = {},
  request: Partial<MappingRequest> = {},
): DoctorFacts => {
  const plan = planOf(assignment, request)
  return mappings(plan.parts, pages, { plan, fork: request.fork === true })
}

/** User 1000 of the machine, in its group 100 and in group 7, without a capability. */
export const plainUser: ProcessIdentity = {
  user: 1000n,
  group: 100n,
  groups: [7n],
  capabilities: 0n,
  ofMachine: true,
}

/** CAP_IPC_LOCK and CAP_DAC_OVERRIDE as bits of the capabilities. */
export const ipcLock = 1n << 14n
export const dacOverride = 1n << 1n
