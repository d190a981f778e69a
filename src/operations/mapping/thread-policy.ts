import type { ThreadPolicy } from '../../kernel/native/native-mapping.ts'
import { type Policy, policyModes } from '../../model/words/policy.ts'

/** Converts a memory policy to the form in which the addon sets it for a thread. */
export const threadPolicy = ({ mode, nodes }: Policy): ThreadPolicy => ({
  mode: policyModes[mode],
  nodes,
})
