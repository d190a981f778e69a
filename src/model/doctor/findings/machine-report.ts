import type { MachineFinding } from './finding-table.ts'

/** What a look at a whole machine came to. */
export interface MachineReport {
  readonly about: 'machine'
  readonly findings: readonly MachineFinding[]
  /** What could not be looked into, a sentence each. */
  readonly unseen: readonly string[]
}
