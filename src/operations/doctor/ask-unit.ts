import { type HugepoolError, unsupported, usage } from '../../errors.ts'
import {
  loadStateIn,
  type UnitSettings,
  unitProperties,
  unitSettingsOf,
} from '../../model/doctor/unit-settings.ts'
import { quotedCommand, shellWord } from '../../model/etc/shell-word.ts'
import type { Ports } from '../ports.ts'

/** systemctl(1) takes a pattern for all units that match, and has no answer for a template. */
const checkName = (name: string): void => {
  if (/[*?[]/.test(name)) throw usage(`'${name}' is a pattern`, 'name one unit')
  const template = /^(.+@)(\.\w+)?$/.exec(name)
  if (template === null) return
  const [, prefix, type = ''] = template
  throw usage(`'${name}' is a template`, `name an instance, as in '${prefix}1${type}'`)
}

const unloaded = (name: string, state: string): HugepoolError => {
  if (state === 'not-found') return usage(`there is no unit '${name}'`, undefined, 'no-file')
  return usage(
    `the unit '${name}' cannot be started: ${state}`,
    `${quotedCommand(`systemctl status ${shellWord(name)}`)} says why`,
    'no-file',
  )
}

/**
 * Asks systemd for the settings of a unit. Throws E_USAGE for one that is not loaded, a template and a
 * pattern, and E_UNSUPPORTED where systemd does not answer, or the machine is recorded.
 */
export const askUnit = async ({ run }: Ports, name: string): Promise<UnitSettings> => {
  if (run === undefined)
    throw unsupported('recording', 'no unit of a recorded machine can be asked')
  checkName(name)
  const words = ['systemctl', 'show', '-p', unitProperties.join(','), '--', name]
  const { status, stdout, stderr } = await run(words)
  if (status !== 0)
    throw unsupported('no-systemd', `systemctl does not tell of ${name}: ${stderr.trim()}`)
  const found = unitSettingsOf(stdout)
  if (found === undefined) throw unloaded(name, loadStateIn(stdout))
  return found
}
