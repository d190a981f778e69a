import { unsupported } from '../../errors.ts'
import { approximateBytes } from '../words/bytes.ts'
import { globMatches } from '../words/glob.ts'
import { plural } from '../words/plural.ts'

/** The signs of a comparison; none of them means equality. */
export const signs = ['>=', '<=', '>', '<'] as const

/** A number with which one of the machine is compared. */
export interface Comparison {
  readonly sign: (typeof signs)[number] | '='
  readonly than: bigint
}

/** What a file wants of the machine. All keys have to hold, and of each list one. */
export interface When {
  readonly host?: readonly string[]
  readonly nodes?: readonly Comparison[]
  readonly memory?: readonly Comparison[]
  readonly arch?: readonly string[]
  readonly virtualization?: readonly string[]
}

/**
 * What there is of it on this machine, looked up when it is asked for; undefined where it is not to be
 * seen.
 */
export interface MachineFacts {
  readonly host: () => string | undefined
  /** The number of NUMA nodes that have memory. */
  readonly nodes: () => bigint | undefined
  /** MemTotal, in bytes. */
  readonly memory: () => bigint | undefined
  /** As `uname -m` prints it. */
  readonly arch: () => string | undefined
  /** The word of systemd-detect-virt, after the words that include it: `container`, `docker`. */
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

/** Looks a fact up. Throws E_UNSUPPORTED where it is not to be seen: nothing is guessed here. */
const known = <Fact>(look: () => Fact | undefined, what: string): Fact => {
  const fact = look()
  if (fact === undefined)
    throw unsupported('not-shown', `${what} of this machine is not to be seen`)
  return fact
}

/** Judges the words of one key; undefined where one of them holds, else what the machine is instead. */
type Judge = (when: When, facts: MachineFacts) => string | undefined

const judges: Readonly<Record<keyof When, Judge>> = {
  host: ({ host: globs = [] }, facts) => {
    const host = known(facts.host, 'the name')
    return globs.some((glob) => globMatches(glob, host.toLowerCase()))
      ? undefined
      : `this host is '${host}'`
  },
  nodes: ({ nodes: asked = [] }, facts) => {
    const nodes = known(facts.nodes, 'the number of nodes')
    return asked.some(holds(nodes)) ? undefined : `this machine has ${plural(nodes, 'node')}`
  },
  memory: ({ memory: asked = [] }, facts) => {
    const memory = known(facts.memory, 'the memory')
    return asked.some(holds(memory)) ? undefined : `this machine has ${approximateBytes(memory)}`
  },
  arch: ({ arch: asked = [] }, facts) => {
    const arch = known(facts.arch, 'the architecture')
    return asked.includes(arch) ? undefined : `this machine is ${arch}`
  },
  virtualization: ({ virtualization: asked = [] }, facts) => {
    const words = known(facts.virtualization, 'the virtualization')
    return asked.some((word) => words.includes(word))
      ? undefined
      : `this machine is ${words.at(-1) ?? 'none'}`
  },
}

/** The first condition that does not hold, and why. */
export interface Unmet {
  readonly key: keyof When
  readonly why: string
}

/**
 * Finds a condition that this machine does not meet; undefined where all hold. Throws where a fact is
 * not to be seen.
 */
export const unmetBy = (when: When, facts: MachineFacts): Unmet | undefined => {
  for (const key of Object.keys(judges) as (keyof When)[]) {
    const why = when[key] === undefined ? undefined : judges[key](when, facts)
    if (why !== undefined) return { key, why }
  }
  return undefined
}
