import t from 'tap'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { lookAtHolding } from '../../../src/operations/doctor/look-at-holding.ts'
import { noting } from '../../../src/operations/doctor/note-errors.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

/** What is known of a recording with these pools, and what could not be looked into. */
const recorded = (...pools: readonly Pool[]) => {
  const see = noting()
  const known = lookAtHolding({ tree: fakeKernel() } as unknown as Ports, machineOf(pools, []), see)
  return { known, unseen: see.unseen() }
}

t.test('a recording does not show who holds pages, where any are in use', async (t) => {
  const idle = poolOf(2n * M, { total: 4n, free: 4n })
  const busy = poolOf(G, { total: 4n, free: 3n })
  t.strictSame(recorded(idle), { known: undefined, unseen: [] })
  t.strictSame(recorded(idle, busy), {
    known: undefined,
    unseen: ['a recording does not show who holds pages'],
  })
})
