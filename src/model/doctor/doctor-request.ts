import { checkRequest, type MappingRequest } from '../mapping/mapping-request.ts'

/** In whose place the application would run, apart from its user. */
export type DoctorSubject =
  | { readonly kind: 'self' }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'cgroup'; readonly path: string }
  | { readonly kind: 'unit'; readonly name: string }

/** A mapping that an application would make. The question is whether it would get its pages. */
export interface DoctorRequest extends MappingRequest {
  readonly about: 'mapping'
  readonly subject: DoctorSubject
  /** The user and the group of the application as they were typed: names or numbers. */
  readonly user?: string
  readonly group?: string
  /** Whether a child writes to all of a private mapping after fork(2). */
  readonly fork: boolean
  /** The time in which the answer may become yes, in milliseconds. */
  readonly wait?: number
  /** Whether `test` makes the mapping afterwards. */
  readonly tries: boolean
}

/** Throws E_USAGE where the words contradict each other, before anything is read. */
export const checkDoctorRequest = (request: DoctorRequest): DoctorRequest => {
  // The checks can be asked about a group without a user. A test is made as a user, so that it is not
  // told.
  const { group: _, ...shared } = request
  checkRequest(shared)
  return request
}

/** Makes the request for the test of what was asked about. */
export const trialRequest = (request: DoctorRequest): MappingRequest => {
  const { subject } = request
  return subject.kind === 'cgroup' ? { ...request, cgroup: subject.path } : request
}
