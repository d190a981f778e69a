import { parseNodeList } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import { present } from '../words/present.ts'

/** The memory policy that a process has before it maps anything, by whoever set it. */
export interface TaskPolicy {
  /** As the kernel writes it: `bind:0-1`, `default`. */
  readonly words: string
  /** Absent where the policy names no nodes, as `default` and `local`. */
  readonly policy?: Policy
}

/** The policy, or why it cannot be told. */
export type SeenPolicy = TaskPolicy | { readonly unseen: string }

/** What is known of a policy. */
export const knownPolicy = (seen: SeenPolicy | undefined): Policy | undefined =>
  seen === undefined || 'unseen' in seen ? undefined : seen.policy

/**
 * What each word of mpol_to_str (mm/mempolicy.c) means for where pages come from: several preferred
 * nodes are left for others as one is, and weights change no more than the order.
 */
const meanings: Readonly<Record<string, Policy['mode']>> = {
  bind: 'bind',
  interleave: 'interleave',
  'weighted interleave': 'interleave',
  prefer: 'preferred',
  'prefer (many)': 'preferred',
}

/** The words of a policy, with flags such as `=static`, and its nodes behind a colon. */
const policyPattern =
  /^(default|local|bind|interleave|weighted interleave|prefer(?: \(many\))?)(?:=[a-z|]+)?(?::([\d,-]+))?(?= |$)/

/** Reads a policy as mpol_to_str writes it, at the start of a text; undefined for anything else. */
export const taskPolicyIn = (text: string): TaskPolicy | undefined => {
  const [words, name = '', list = ''] = policyPattern.exec(text) ?? []
  const nodes = parseNodeList(list)
  if (words === undefined || nodes === undefined) return undefined
  const mode = nodes.length === 0 ? undefined : meanings[name]
  return present({ words, policy: mode && { mode, nodes } })
}

const ownAreas = /^[0-9a-f]+ (.*? (?:heap|stack)(?: .*)?)$/gm

/**
 * Reads the policy of a process out of its numa_maps (show_numa_map in fs/proc/task_mmu.c). An area
 * without a policy of its own has the one of the task there. Stack and heap are those that no program
 * gives one by mbind(2); where they differ all the same, it cannot be told.
 */
export const policyInNumaMaps = (text: string): SeenPolicy => {
  const found = [...text.matchAll(ownAreas)].map(([, line = '']) => taskPolicyIn(line))
  const [first] = found
  if (first === undefined) return { unseen: 'its numa_maps shows no policy of its stack and heap' }
  return found.every((each) => each?.words === first.words)
    ? first
    : { unseen: 'its stack and its heap have different policies' }
}
