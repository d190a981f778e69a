import { plural } from '../../model/words/plural.ts'

interface Unseen {
  /** The processes that could not be looked into. */
  readonly unseen: number
  readonly hidesProcesses: boolean
}

/** Says what could not be seen, and what it may have. */
export const unseenNotes = (
  { unseen, hidesProcesses }: Unseen,
  what: string,
): readonly string[] => [
  ...(unseen === 0
    ? []
    : [`${plural(unseen, 'process', 'processes')} could not be looked into, and ${what}`]),
  ...(hidesProcesses ? [`/proc hides processes of other users (hidepid), which ${what}`] : []),
]
