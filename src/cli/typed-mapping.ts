import { usage } from '../errors.ts'
import {
  type MappingRequest,
  parseProcesses,
  type Sharing,
  vias,
} from '../model/mapping/mapping-request.ts'
import { parsePolicy } from '../model/words/policy.ts'
import { present } from '../model/words/present.ts'
import type { Words } from './command.ts'
import {
  mapPolicyOption,
  mountOption,
  noreserveOption,
  populateOption,
  privateOption,
  processesOption,
  sharedOption,
  viaOption,
} from './options/test-option.ts'
import { typedAssignments, typedNodes, typedValue } from './typed-values.ts'

const typedSharing = ({ switches }: Words): Sharing | undefined => {
  if (switches.has(privateOption.name)) return 'private'
  return switches.has(sharedOption.name) ? 'shared' : undefined
}

/** Reads a path of a test, which may be empty: then no file is found there. */
export const mappedPath = (text: string): string => {
  if (text.includes('\0')) throw usage(`'${text}' is not a path`)
  return text
}

/** What a command line can say of a mapping, whether it is made or only judged. */
type TypedMapping = Omit<MappingRequest, 'verify' | 'frames' | 'readOften'>

/** Reads how pages are to be mapped. Undefined where no ASSIGNMENT is there. */
export const typedMapping = (words: Words): TypedMapping | undefined => {
  const { switches } = words
  const [assignment] = typedAssignments(words)
  if (assignment === undefined) return undefined
  return present({
    assignment,
    nodes: typedNodes(words),
    policy: typedValue(words, mapPolicyOption, parsePolicy),
    via: typedValue(words, viaOption, (text) => vias.find((via) => via === text) ?? 'anon'),
    sharing: typedSharing(words),
    mount: typedValue(words, mountOption, mappedPath),
    populate: switches.has(populateOption.name),
    noreserve: switches.has(noreserveOption.name),
    processes: typedValue(words, processesOption, parseProcesses) ?? 1,
  })
}
