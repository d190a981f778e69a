import { readCountersOf } from '../../kernel/pools/counters.ts'
import { persistent } from '../../model/pools/machine.ts'
import type { PoolStep } from '../../model/pools/pool-plan.ts'
import type { Pages } from '../../model/words/count.ts'
import type { Ports } from '../ports.ts'
import { type GrowingStep, grow } from './grow.ts'

const missingOf = ({ tree }: Ports, step: PoolStep): Pages =>
  step.value - persistent(readCountersOf(tree, step.size, step.node))

/**
 * Lets nodes that gave their whole share of a growth give what others could not, as the kernel does
 * in a growth of the whole pool. The margins hold as for every growth.
 */
export const growRest = async (
  ports: Ports,
  steps: readonly PoolStep[],
  how: Omit<GrowingStep, 'step'>,
): Promise<void> => {
  for (const size of new Set(steps.flatMap((step) => (step.isShare ? [step.size] : [])))) {
    const shares = steps
      .filter((step) => step.isShare && step.size === size)
      .map((step) => ({ step, missing: missingOf(ports, step) }))
    let rest = shares.reduce((sum, { missing }) => sum + (missing > 0n ? missing : 0n), 0n)
    for (const { step, missing } of shares) {
      if (rest <= 0n || how.signals.pending() !== undefined) return
      if (missing > 0n) continue
      const more = { ...step, before: step.value, value: step.value + rest }
      await grow(ports, { ...how, step: more })
      rest = missingOf(ports, more)
    }
  }
}
