import { type Cells, replay, type Sequence, type Subject } from '../../helpers/counters-table.ts'
import { liveOn } from './live.ts'
import { countsOf, gigantic, setPool, setPoolAlone, smallest } from './machine.ts'
import type { Need } from './needs.ts'
import { settled } from './wait.ts'

const needsOf = ({ gigantic = false, giganticOvercommit }: Sequence): readonly Need[] => [
  'room',
  'one node with memory',
  ...(gigantic ? (['gigantic pages', 'gigantic surplus that goes (Linux 6.1)'] as const) : []),
  ...(giganticOvercommit === true ? (['gigantic overcommit (Linux 6.19)'] as const) : []),
  ...(giganticOvercommit === false
    ? (['no gigantic overcommit (before Linux 6.19)'] as const)
    : []),
]

const cellsNow = (size: number): Cells => {
  const { total, free, reserved, surplus } = countsOf(size)
  return [total, free, reserved, surplus]
}

/** The counters of a pool as the table has them, once they are what they become. */
export const cellsOf = (size: number, wanted: Cells): Promise<Cells> =>
  settled(() => cellsNow(size), wanted)

/**
 * Replays sequences of the table of counters on the pool that each is about, from nothing. Of needs
 * that are not met the first is told: that of the way before those of a sequence.
 */
export const replayAll = (
  sequences: readonly Sequence[],
  who: string,
  subject: (size: number) => Subject,
  ...more: readonly Need[]
): void => {
  for (const sequence of sequences) {
    // Where there are no gigantic pages the sequence is skipped, and says so.
    const size = sequence.gigantic ? (gigantic ?? 0) : smallest
    liveOn(...more, ...needsOf(sequence))(
      `the counters move as in the table, ${who}: ${sequence.name}`,
      async (t) => {
        // The kernel has two large pages for certain where it had them just now.
        if (size !== smallest) setPool(size, 2)
        setPoolAlone(size, 0)
        await replay(sequence, subject(size), (found, wanted, label) => {
          t.strictSame(found, wanted, label)
        })
      },
    )
  }
}
