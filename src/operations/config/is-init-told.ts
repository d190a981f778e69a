import { sysvinitLinks } from '../../kernel/config/init-system.ts'
import { listIfPresent } from '../../kernel/read-attribute.ts'
import {
  areKnown,
  askedUnits,
  type KnownUnits,
  knownProperties,
} from '../../model/config/service/known-units.ts'
import type { Ports } from '../ports.ts'

type Verb = 'install' | 'remove'

/**
 * Asks systemd whether it knows of units what their files say. Where it does not answer, nothing is known
 * to be missing.
 */
export const isSystemdTold = async (
  { run }: Ports,
  units: KnownUnits,
  verb: Verb,
): Promise<boolean> => {
  const properties = knownProperties.map((name) => `--property=${name}`)
  const answer = await run?.(['systemctl', 'show', ...properties, ...askedUnits(units)])
  return answer === undefined || answer.status !== 0 || areKnown(answer.stdout, units, verb)
}

/** Whether sysvinit has the links of the service that it has to have, or none. */
export const isSysvinitTold = ({ tree }: Ports, verb: Verb): boolean =>
  sysvinitLinks(listIfPresent(tree, '/etc/rcS.d')) === (verb === 'install')

interface Plan {
  readonly steps: readonly unknown[]
  readonly programs: readonly unknown[]
}

/**
 * Makes a plan. Where no file has to be changed, the init is asked whether it was told of them: a
 * hugepool that was killed may have come that far.
 */
export const planUntold = async <Facts extends { readonly runs: boolean }, P extends Plan>(
  planOf: (facts: Facts & { readonly untold?: boolean }) => P,
  facts: Facts,
  isTold: () => boolean | Promise<boolean>,
): Promise<P> => {
  const plan = planOf(facts)
  if (plan.steps.length > 0 || !facts.runs || (await isTold())) return plan
  return planOf({ ...facts, untold: true })
}

/** Whether a plan does anything. */
export const outcomeOf = ({ steps, programs }: Plan): 'done' | 'unchanged' =>
  steps.length === 0 && programs.length === 0 ? 'unchanged' : 'done'
