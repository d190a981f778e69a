import type { NodeId } from '../words/node-list.ts'

/** The CPUs that this process may run on, and the CPUs of each node. */
export interface Cpus {
  readonly allowed: readonly number[]
  readonly ofNode: (node: NodeId) => readonly number[]
}
