import type { TunedSetting } from '../../model/config/tune/setting-kind.ts'
import {
  begun,
  type Candidate,
  type Completer,
  type CompletionFacts,
  withStart,
} from './candidates.ts'

const settingCandidates = (
  { accepts }: TunedSetting,
  { groups }: CompletionFacts,
): readonly Candidate[] => {
  const texts = (all: readonly string[]) => all.map((text) => ({ text }))
  if (accepts.kind === 'group') return texts(groups?.() ?? [])
  if (accepts.kind === 'switch') return texts(['0', '1'])
  if (accepts.kind === 'choice') return texts(accepts.choices)
  return accepts.max === undefined ? [] : [{ text: 'max', help: 'as good as no limit' }]
}

/**
 * Offers the keys that are not named yet, and the values of a key. A key gets its `=`, unless a key
 * without one stands before it: then settings are only shown.
 */
export const settingWords: Completer = (typed, { operands }, facts) => {
  const settings = facts.settings?.() ?? []
  const [start, key] = /^([^=]*)=/.exec(typed) ?? []
  if (start !== undefined) {
    const named = settings.find((setting) => setting.key === key)
    const offered = named === undefined ? [] : settingCandidates(named, facts)
    return withStart(start, begun(typed.slice(start.length), offered))
  }
  const looks = operands.some((word) => !word.includes('='))
  const given = operands.map((word) => word.replace(/=.*/s, ''))
  const left = settings.filter((setting) => !given.includes(setting.key))
  return begun(
    typed,
    left.map(({ key: name, what }) => ({ text: looks ? name : `${name}=`, help: what })),
  )
}
