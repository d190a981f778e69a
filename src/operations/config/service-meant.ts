import { unsupported } from '../../errors.ts'
import { findInit, hasInit } from '../../kernel/config/init-system.ts'
import { isThere } from '../../kernel/etc/etc-files.ts'
import { leadsTo } from '../../kernel/etc/unit-files.ts'
import { readMountinfoLines } from '../../kernel/mounts/mountinfo.ts'
import {
  type ServiceKind,
  serviceFiles,
  serviceKinds,
} from '../../model/config/service/service-kind.ts'
import {
  checkSpeakable,
  lateWords,
  programOfService,
  type ServiceProgram,
} from '../../model/config/service/service-program.ts'
import type { ServiceState } from '../../model/config/service/service-state.ts'
import { serviceText } from '../../model/config/service/service-text.ts'
import type { Ports } from '../ports.ts'
import { lookAtService } from './look-at-service.ts'

/**
 * Returns the init that is meant. Throws E_UNSUPPORTED where none is found, or the one named is not
 * there.
 */
export const kindMeant = ({ tree }: Ports, named?: ServiceKind): ServiceKind => {
  if (named !== undefined && hasInit(tree, named)) return named
  if (named !== undefined)
    throw unsupported(
      'no-init',
      `${named} does not start this machine: ${serviceFiles[named].directory} is missing`,
      `'hugepool service print ${named}' writes its service`,
    )
  const found = findInit(tree)
  if (found !== undefined) return found
  throw unsupported(
    'no-init',
    `none of the programs is found that start a machine: ${serviceKinds.join(', ')}`,
    "'hugepool service print INIT' writes a service for one of them",
  )
}

/**
 * Returns the real paths of this program, and from when on in a start they are there. Throws
 * E_REFUSED where they are not there at a start, and E_UNSUPPORTED for a recorded machine, which
 * does not have them.
 */
export const programMeant = ({ tree, program = [] }: Ports, kind: ServiceKind): ServiceProgram => {
  const words = program.map((path) => leadsTo(tree, path) ?? path)
  const missing = words.filter((path) => !isThere(tree, path))
  if (words.length === 0 || missing.length > 0)
    throw unsupported(
      'recording',
      `${missing[0] ?? 'the program'} is not there: a service needs node and hugepool on the machine`,
    )
  checkSpeakable(words)
  return programOfService(words, readMountinfoLines(tree).lines, kind)
}

/** Writes the text of a service of a kind for this program. Throws as `programMeant` does. */
export const printService = (ports: Ports, named?: ServiceKind) => {
  const kind = named ?? findInit(ports.tree) ?? 'systemd'
  const program = programMeant(ports, kind)
  return { init: kind, text: serviceText(kind, program), words: lateWords(program) }
}

/** Looks at the service. Throws E_UNSUPPORTED where no init is found. */
export const serviceStatus = async (ports: Ports, named?: ServiceKind): Promise<ServiceState> =>
  lookAtService(ports, kindMeant(ports, named))
