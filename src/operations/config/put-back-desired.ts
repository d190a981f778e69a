import { HugepoolError } from '../../errors.ts'
import { hintText } from '../../model/etc/hint-text.ts'
import { restore } from '../pools/restore.ts'
import type { Ports } from '../ports.ts'
import type { CarriedOutDesired, CarriedPools } from './carry-out-desired.ts'

/** What putting back came to. */
interface PutBack {
  readonly short: readonly string[]
  readonly kept: readonly string[]
}

const restored = (ports: Ports, part: CarriedPools | undefined): PutBack =>
  part === undefined || part.plan.steps.length === 0
    ? { short: [], kept: [] }
    : restore(ports, part.before, part.plan)

/**
 * Takes back all that a call did, the last thing first. Returns the error of the call: E_KERNEL,
 * with why it was put back and what could not be put back.
 */
export const putBackDesired = (
  ports: Ports,
  { pages, overcommit, undos, signal }: CarriedOutDesired,
  why: readonly string[],
  hints: readonly string[],
): HugepoolError => {
  const ofOvercommit = restored(ports, overcommit)
  const stays = undos.toReversed().flatMap((undo) => undo() ?? [])
  const ofPages = restored(ports, pages)
  const short = [...ofOvercommit.short, ...stays, ...ofPages.short]
  const kept = [...ofOvercommit.kept, ...ofPages.kept]
  const back =
    short.length === 0
      ? 'all is put back as before'
      : `putting back fell short: ${short.join(', ')}`
  const isWhole = short.length + kept.length === 0
  const look = isWhole ? [] : ["'hugepool check' shows what there is"]
  return new HugepoolError(
    'E_KERNEL',
    isWhole ? 'put-back' : 'not-put-back',
    [...why, back, ...kept].join('; '),
    hintText([...look, ...hints]),
    signal,
  )
}
