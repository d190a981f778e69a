/** What a machine suffers from now, what will harm somebody, and what is worth knowing. */
export const findingLevels = ['problem', 'warning', 'note'] as const
export type FindingLevel = (typeof findingLevels)[number]

/** What is wrong, without the name by which scripts know it. */
export interface UnnamedFinding {
  readonly level: FindingLevel
  /** One sentence, without a full stop. */
  readonly what: string
  /** What can be typed or done against it. */
  readonly hints?: readonly string[]
}

/** Whether anything is wrong: a note is not. */
export const isAboveNote = ({ level }: UnnamedFinding): boolean => level !== 'note'
