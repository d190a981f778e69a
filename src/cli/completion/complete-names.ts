import { cgroupOption, groupOption, userOption } from '../options/test-option.ts'
import type { Completer, CompletionFacts } from './candidates.ts'

/** Makes a completer of names. Their case counts, so that none is offered in lower case. */
const named =
  (namesOf: (facts: CompletionFacts) => readonly string[] | undefined): Completer =>
  (typed, _, facts) =>
    (namesOf(facts) ?? []).filter((name) => name.startsWith(typed)).map((text) => ({ text }))

/** Completers for options whose values are names that the machine has. */
export const nameValues: Readonly<Record<string, Completer>> = {
  [userOption.name]: named(({ users }) => users?.()),
  [groupOption.name]: named(({ groups }) => groups?.()),
  [cgroupOption.name]: named(({ cgroups }) => cgroups?.()),
}
