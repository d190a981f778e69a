import { usage } from '../../errors.ts'
import {
  checkDoctorRequest,
  type DoctorRequest,
  type DoctorSubject,
} from '../../model/doctor/doctor-request.ts'
import type { DoctorResult } from '../../model/doctor/doctor-result.ts'

import type { MachineReport } from '../../model/doctor/findings/machine-report.ts'
import { parseDuration } from '../../model/words/duration.ts'
import { present } from '../../model/words/present.ts'

import { doctorColumns } from '../../output/doctor/doctor-rows.ts'
import { findingColumns } from '../../output/doctor/finding-rows.ts'
import { define, type Words } from '../command.ts'
import {
  forCgroupOption,
  forForkOption,
  forGroupOption,
  forPidOption,
  forProcessesOption,
  forUnitOption,
  forUserOption,
  tryOption,
  waitOption,
} from '../options/doctor-option.ts'
import { roundOption } from '../options/option.ts'
import {
  mapNodeOption,
  mapPolicyOption,
  mountOption,
  noreserveOption,
  populateOption,
  privateOption,
  sharedOption,
  viaOption,
} from '../options/test-option.ts'
import { checkDoctorWords } from '../typed-doctor.ts'
import { typedMapping } from '../typed-mapping.ts'
import { parsePath, parsePid, typedValue } from '../typed-values.ts'
import { doctorView } from '../views/doctor-view.ts'
import { findingsView } from '../views/findings-view.ts'

const notEmpty = (text: string): string => {
  if (text !== '') return text
  throw usage('an empty name names nobody')
}

const typedSubject = (words: Words): DoctorSubject => {
  const pid = typedValue(words, forPidOption, parsePid)
  if (pid !== undefined) return { kind: 'pid', pid }
  const path = typedValue(words, forCgroupOption, parsePath)
  if (path !== undefined) return { kind: 'cgroup', path: path.startsWith('/') ? path : `/${path}` }
  const name = typedValue(words, forUnitOption, notEmpty)
  return name === undefined ? { kind: 'self' } : { kind: 'unit', name }
}

/** A look at the whole machine. */
interface MachineRequest {
  readonly about: 'machine'
}

const resolve = (words: Words): DoctorRequest | MachineRequest => {
  checkDoctorWords(words)
  const mapping = typedMapping(words)
  if (mapping === undefined) return { about: 'machine' }
  const { switches } = words
  const request = present({
    about: 'mapping',
    ...mapping,
    verify: false,
    frames: false,
    readOften: false,
    subject: typedSubject(words),
    user: typedValue(words, forUserOption, notEmpty),
    group: typedValue(words, forGroupOption, notEmpty),
    fork: switches.has(forForkOption.name),
    wait: typedValue(words, waitOption, parseDuration),
    tries: switches.has(tryOption.name),
  })
  return checkDoctorRequest(request)
}

export const doctorCommand = define<
  'doctor',
  DoctorRequest | MachineRequest,
  DoctorResult | MachineReport
>({
  details: [
    'Would ASSIGNMENT be had, in this way? Everything that the kernel would look at is a line, in its',
    'order. Reads only: hugepool test is the proof. Exit status: 0 yes, 5 no, 64 it cannot be told.',
    'Without ASSIGNMENT: what is wrong with this machine? Exit status: 5 for more than notes.',
  ],
  operands: { usage: '[ASSIGNMENT]', least: 0, most: 1, completes: 'assignment' },
  options: [
    viaOption,
    mountOption,
    privateOption,
    sharedOption,
    populateOption,
    noreserveOption,
    mapNodeOption,
    roundOption,
    mapPolicyOption,
    forProcessesOption,
    forForkOption,
    forUserOption,
    forGroupOption,
    forPidOption,
    forCgroupOption,
    forUnitOption,
    waitOption,
    tryOption,
  ],
  columns: [...doctorColumns, ...findingColumns],
  examples: [
    { line: 'hugepool doctor', meaning: 'what is wrong with this machine?' },
    { line: 'hugepool doctor 2M=16', meaning: 'would a program get 16 pages?' },
    { line: 'hugepool doctor 1G=0:1,1:1', meaning: 'and one on each of two nodes?' },
    { line: 'hugepool doctor 2M=64 --via memfd --wait 30s', meaning: 'wait until it can' },
  ],
  resolve,
  run: async (request, ports) =>
    request.about === 'machine'
      ? (await import('../../operations/doctor/look-at-machine.ts')).lookAtMachine(ports)
      : (await import('../../operations/doctor/answer-request.ts')).answerRequest(ports, request),
  view: (result) => ('unseen' in result ? findingsView(result) : doctorView(result)),
})
