import { usage } from '../../errors.ts'
import { formatNodes, type NodeId, parseNodes } from './node-list.ts'

/** Memory policies under which `nr_hugepages_mempolicy` can be written (set_mempolicy(2)). */
export const policyModes = { preferred: 1, bind: 2, interleave: 3 } as const

export interface Policy {
  readonly mode: keyof typeof policyModes
  readonly nodes: readonly NodeId[]
}

const policyForms = 'a policy is written as bind:0,1 or interleave:0-1 or preferred:0'

const isMode = (word: string): word is Policy['mode'] => Object.hasOwn(policyModes, word)

/** Reads bind:NODES, interleave:NODES or preferred:NODE. Throws E_USAGE for anything else. */
export const parsePolicy = (text: string): Policy => {
  const colon = text.indexOf(':')
  const mode = text.slice(0, Math.max(colon, 0))
  if (!isMode(mode)) throw usage(`'${text}' is not a memory policy`, policyForms)
  const nodes = parseNodes(text.slice(colon + 1))
  if (nodes === 'all') throw usage(`'${text}' has to name its nodes`, policyForms)
  if (mode === 'preferred' && nodes.length > 1)
    throw usage(`'${text}' prefers more than one node`, policyForms)
  return { mode, nodes }
}

/** Returns the option of numactl(8) that gives a command the same policy. */
export const numactlOption = ({ mode, nodes }: Policy): string => {
  const option = { preferred: '--preferred', bind: '--membind', interleave: '--interleave' }[mode]
  return `${option}=${formatNodes(nodes)}`
}
