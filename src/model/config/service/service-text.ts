import { applyUnitText } from './apply-unit.ts'
import { openrcScript, runitScript, sysvinitScript } from './init-scripts.ts'
import type { ServiceForm, ServiceKind } from './service-kind.ts'
import type { ServiceProgram } from './service-program.ts'

const texts: Readonly<Record<ServiceKind, (program: ServiceProgram) => string>> = {
  systemd: applyUnitText,
  openrc: openrcScript,
  sysvinit: sysvinitScript,
  runit: runitScript,
}

/** Returns the text of a service, which runs `apply --boot` by the paths of a program. */
export const serviceText = (kind: ServiceKind, program: ServiceProgram): string =>
  texts[kind](program)

const wordPattern = /"([^"]*)"|(\S+)/g

/**
 * Reads the paths that a unit runs, as `applyUnitText` writes them; undefined where it names none.
 */
const unitProgram = (text: string): readonly string[] | undefined => {
  const line = /^ExecStart=(.*)$/m.exec(text)?.[1]
  const words = [...(line ?? '').matchAll(wordPattern)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').replaceAll('%%', '%'),
  )
  const paths = words.slice(0, 2).filter((word) => word.startsWith('/'))
  return paths.length === 0 ? undefined : paths
}

const unquotedWord = (word: string): string =>
  word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word

const scriptProgram = (text: string): readonly string[] | undefined => {
  const paths = ['node', 'hugepool'].flatMap(
    (name) => new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1] ?? [],
  )
  return paths.length === 0 ? undefined : paths.map(unquotedWord)
}

/** Reads the paths that the text of a service runs; undefined where it names none. */
export const programIn = (kind: ServiceKind, text: string): readonly string[] | undefined =>
  kind === 'systemd' ? unitProgram(text) : scriptProgram(text)

/** Tells by the text of a service whether it waits for file systems. */
export const formOf = (kind: ServiceKind, text: string): ServiceForm => {
  if (kind === 'systemd')
    return /^Before=.*\blocal-fs-pre\.target\b/m.test(text) ? 'early' : 'later'
  return kind === 'openrc' && /^\tbefore localmount$/m.test(text) ? 'early' : 'later'
}
