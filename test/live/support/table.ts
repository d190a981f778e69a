import { type Cells, replay, type Sequence, type Subject } from '../../helpers/counters-table.ts'
import { liveOn } from './live.ts'
import { countsOf, gigantic, setPool, setPoolAlone, smallest } from './machine.ts'
import { settled } from './wait.ts'

const onSmall = liveOn('room', 'one node with memory')
export const onGigantic = liveOn(
  'room',
  'one node with memory',
  'gigantic surplus that goes (Linux 6.1)',
)

const cellsNow = (size: number): Cells => {
  const { total, free, reserved, surplus } = countsOf(size)
  return [total, free, reserved, surplus]
}

/** The counters of a pool as the table has them, once they are what they become. */
export const cellsOf = (size: number, wanted: Cells): Promise<Cells> =>
  settled(() => cellsNow(size), wanted)

/** Replays sequences of the table of counters on the pool that each is about, from nothing. */
export const replayAll = (
  sequences: readonly Sequence[],
  who: string,
  subject: (size: number) => Subject,
): void => {
  for (const sequence of sequences) {
    const size = sequence.gigantic ? gigantic : smallest
    if (size === undefined) continue
    const on = size === smallest ? onSmall : onGigantic
    on(`the counters move as in the table, ${who}: ${sequence.name}`, async (t) => {
      // The kernel has two large pages for certain where it had them just now.
      if (size !== smallest) setPool(size, 2)
      setPoolAlone(size, 0)
      await replay(sequence, subject(size), (found, wanted, label) => {
        t.strictSame(found, wanted, label)
      })
    })
  }
}
