import type { NodeId } from '../words/node-list.ts'

/** CPUs that this process may run on, and those of each node. */
export interface Cpus {
  readonly allowed: readonly number[]
  readonly ofNode: (node: NodeId) => readonly number[]
}
