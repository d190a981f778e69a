import { positionText } from './config-fault.ts'
import type { ConfigPosition } from './configuration.ts'
import type { LastingKey } from './lasting-pools.ts'
import type { ServiceState } from './service/service-state.ts'
import type { Writer } from './writers/writer.ts'
import { writerHints, writerWords } from './writers/writer-words.ts'

/** What a configuration says from now on, and whether that has an effect. */
export interface PersistedFacts {
  readonly path: string
  readonly outcome: 'done' | 'unchanged'
  readonly keys: readonly LastingKey[]
  readonly overriddenBy: readonly ConfigPosition[]
  readonly skipped?: string
  readonly service?: ServiceState
  readonly writers: readonly Writer[]
}

const keyWords = ({ path, outcome, keys }: PersistedFacts): readonly string[] =>
  keys.map(({ key, value }) => {
    const has = outcome === 'unchanged' ? 'has already' : 'has'
    return `${path}: ${has} ${key} = ${value}`
  })

/** The service that applies the configuration at a start; absent where no init is known. */
type Applied = Pick<PersistedFacts, 'service'>

const isApplied = ({ service }: Applied): boolean =>
  service !== undefined && service.installed === 'enabled' && service.missing.length === 0

/** Says whether the configuration is applied at a start. */
export const serviceSentence = (facts: Applied): readonly string[] => {
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
    ...overriddenBy.map((position) => `${positionText(position)}: overrides it`),
    ...facts.writers.map(writerWords),
    ...serviceSentence(facts),
  ]
}

/** Says how to have the configuration applied at every start, where nothing does that. */
export const serviceHints = (facts: Applied): readonly string[] =>
  isApplied(facts) || facts.service === undefined
    ? []
    : ["'hugepool service install' has it applied at every start"]

export const persistedHints = (facts: PersistedFacts): readonly string[] =>
  facts.keys.length === 0 ? [] : [...writerHints(facts.writers), ...serviceHints(facts)]
