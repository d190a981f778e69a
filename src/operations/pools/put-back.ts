import { HugepoolError } from '../../errors.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import type { ChangeResult } from './change-result.ts'
import type { CarriedOut, ShortChange } from './explain-shortage.ts'
import { type RestoredPools, restore } from './restore.ts'

const restoredError = (
  { sizes, short, kept }: RestoredPools,
  { plan, failures, signal }: CarriedOut,
  words: readonly string[],
  hints: readonly string[],
): HugepoolError => {
  const failure = failures[0]?.error
  const why = failure?.message ?? words.join('; ')
  const back =
    short.length === 0
      ? `put back${kept.length === 0 ? ' as before' : ''}: ${sizes.join(', ')}`
      : `putting back fell short: ${short.join(', ')}`
  const after = plan.steps.length === 0 ? 'nothing was changed' : back
  const look = short.length + kept.length === 0 ? [] : ["'hugepool list -N' shows what there is"]
  const hint = hintText([...look, ...(failure?.hint?.split('\n') ?? hints)])
  const message = [why, after, ...kept].join('; ')
  return new HugepoolError(
    'E_KERNEL',
    look.length === 0 ? 'put-back' : 'not-put-back',
    message,
    hint,
    signal,
  )
}

/** Puts all pools of a call back, and tells why. */
export const putPoolsBack = (
  ports: Ports,
  carried: CarriedOut,
  changes: readonly ShortChange[],
  why: Pick<ChangeResult, 'heldSizes' | 'words' | 'hints'>,
): ChangeResult => {
  const restored = restore(ports, carried.before, carried.plan)
  const failure = restoredError(restored, carried, why.words, why.hints)
  return present({
    kind: 'changed',
    outcome: restored.short.length + restored.kept.length === 0 ? 'unchanged' : 'partial',
    changes,
    heldSizes: why.heldSizes,
    restored: true,
    pools: readMachine(ports.tree).pools,
    words: [],
    notes: [],
    hints: [],
    leftOut: [],
    failure,
    signal: carried.signal,
  })
}

/** Puts back what cannot be seen any more, so that nothing tells whether all was done. */
export const putBackUnseen = (ports: Ports, carried: CarriedOut, thrown: unknown): ChangeResult => {
  const [size] = carried.plan.steps.map((step) => step.size)
  if (!(thrown instanceof HugepoolError) || size === undefined || !carried.allOrNothing)
    throw thrown
  const failures = [...carried.failures, { size, error: thrown }]
  return putPoolsBack(ports, { ...carried, failures }, [], { heldSizes: [], words: [], hints: [] })
}
