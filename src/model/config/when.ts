import { approximateBytes } from '../words/bytes.ts'
import { globMatches } from '../words/glob.ts'
import { plural } from '../words/plural.ts'

/** The signs of a comparison. Without a sign equality is meant. */
export const signs = ['>=', '<=', '>', '<'] as const

/** A number with which a number of the machine is compared. */
export interface Comparison {
  readonly sign: (typeof signs)[number] | '='
  readonly than: bigint
}

/** What a file wants of the machine. All keys have to hold, and of the list of each key one. */
export interface When {
  readonly host?: readonly string[]
  readonly nodes?: readonly Comparison[]
  readonly memory?: readonly Comparison[]
  readonly arch?: readonly string[]
  readonly virtualization?: readonly string[]
}

/**
 * The facts about this machine that conditions ask for. Each is looked up when it is asked for, and
 * undefined where it is not to be seen.
 */
export interface MachineFacts {
  readonly host: () => string | undefined
  /** The number of NUMA nodes that have memory. */
  readonly nodes: () => bigint | undefined
  /** MemTotal of /proc/meminfo, in bytes. */
  readonly memory: () => bigint | undefined
  /** The architecture as `uname -m` prints it. */
  readonly arch: () => string | undefined
  /** The word of systemd-detect-virt, behind the word that includes it: `container`, `docker`. */
  readonly virtualization: () => readonly string[] | undefined
}

const compares: Readonly<Record<Comparison['sign'], (one: bigint, other: bigint) => boolean>> = {
  '=': (one, other) => one === other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
}

const holds =
  (fact: bigint) =>
  ({ sign, than }: Comparison): boolean =>
    compares[sign](fact, than)

/** Why a condition does not hold, or what cannot be seen of the machine. */
type Verdict = { readonly why: string } | { readonly unseen: string } | undefined

/** Judges a fact. `whyNot` says what the fact is, and nothing where the condition holds. */
const verdictOn = <Fact>(
  fact: Fact | undefined,
  what: string,
  whyNot: (fact: Fact) => string | undefined,
): Verdict => {
  if (fact === undefined) return { unseen: what }
  const why = whyNot(fact)
  return why === undefined ? undefined : { why }
}

const wordsUnless = (isTrue: boolean, words: string): string | undefined =>
  isTrue ? undefined : words

const judges: Readonly<Record<keyof When, (when: When, facts: MachineFacts) => Verdict>> = {
  host: ({ host: globs = [] }, facts) =>
    verdictOn(facts.host(), 'the name', (host) =>
      wordsUnless(
        globs.some((glob) => globMatches(glob, host.toLowerCase())),
        `this host is '${host}'`,
      ),
    ),
  nodes: ({ nodes: asked = [] }, facts) =>
    verdictOn(facts.nodes(), 'the number of nodes', (nodes) =>
      wordsUnless(asked.some(holds(nodes)), `this machine has ${plural(nodes, 'node')}`),
    ),
  memory: ({ memory: asked = [] }, facts) =>
    verdictOn(facts.memory(), 'the memory', (memory) =>
      wordsUnless(asked.some(holds(memory)), `this machine has ${approximateBytes(memory)}`),
    ),
  arch: ({ arch: asked = [] }, facts) =>
    verdictOn(facts.arch(), 'the architecture', (arch) =>
      wordsUnless(asked.includes(arch), `this machine is ${arch}`),
    ),
  virtualization: ({ virtualization: asked = [] }, facts) =>
    verdictOn(facts.virtualization(), 'the virtualization', (words) =>
      wordsUnless(
        asked.some((word) => words.includes(word)),
        `this machine is ${words.at(-1)}`,
      ),
    ),
}

/** A condition that does not hold or cannot be judged. */
export type Unmet = { readonly key: keyof When } & NonNullable<Verdict>

/** Finds a condition that this machine does not meet; undefined where all hold. */
export const unmetBy = (when: When, facts: MachineFacts): Unmet | undefined => {
  for (const key of Object.keys(judges) as (keyof When)[]) {
    const verdict = when[key] === undefined ? undefined : judges[key](when, facts)
    if (verdict !== undefined) return { key, ...verdict }
  }
  return undefined
}
