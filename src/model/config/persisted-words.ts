import { placeText } from './config-fault.ts'
import type { ConfigPlace } from './configuration.ts'
import type { LastingKey } from './lasting-pools.ts'
import type { ServiceState } from './service/service-state.ts'

/** What a configuration says from now on, and whether that counts. */
export interface PersistedFacts {
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  readonly keys: readonly LastingKey[]
  readonly overriddenBy: readonly ConfigPlace[]
  readonly skipped?: string
  readonly service?: ServiceState
}

const keyWords = ({ path, outcome, keys }: PersistedFacts): readonly string[] =>
  keys.map(({ key, value }) => {
    const has = outcome === 'unchanged' ? 'has already' : 'has'
    return `${path}: ${has} ${key} = ${value}`
  })

const isApplied = ({ service }: PersistedFacts): boolean =>
  service !== undefined && service.installed === 'enabled' && service.missing.length === 0

const serviceSentence = (facts: PersistedFacts): readonly string[] => {
  const { service } = facts
  if (service === undefined) return ['nothing applies it at a start: no init is known here']
  if (isApplied(facts)) return [`${service.path} applies it at every start`]
  const why = service.installed === 'enabled' ? 'its program is gone' : `it is ${service.installed}`
  return [`nothing applies it at a start: ${service.path}: ${why}`]
}

/** Says what the file says now, what takes precedence over it, and whether it is applied. */
export const persistedSentences = (facts: PersistedFacts): readonly string[] => {
  const { path, overriddenBy, skipped, keys } = facts
  if (keys.length === 0) return []
  return [
    ...keyWords(facts),
    ...(skipped === undefined ? [] : [`${path}: does not count here: ${skipped}`]),
    ...overriddenBy.map((place) => `${placeText(place)}: overrides it`),
    ...serviceSentence(facts),
  ]
}

/** What makes that count which does not. */
export const persistedHints = (facts: PersistedFacts): readonly string[] => {
  if (facts.keys.length === 0 || isApplied(facts)) return []
  const { service } = facts
  if (service === undefined) return []
  return ["'hugepool service install' has it applied at every start"]
}
