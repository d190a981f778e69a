import type { ThreadPolicy } from '../../kernel/native/native-mapping.ts'
import { type Policy, policyModes } from '../../model/words/policy.ts'

/** A policy as a thread is put under it. */
export const threadPolicy = ({ mode, nodes }: Policy): ThreadPolicy => ({
  mode: policyModes[mode],
  nodes,
})
