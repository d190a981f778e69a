import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { lookAtHolding } from '../../../src/operations/doctor/look-at-holding.ts'
import { noting } from '../../../src/operations/doctor/note-errors.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { answering } from '../../helpers/failing-files.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { hugeDirectory } from '../../helpers/huge-directory.ts'
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

t.test('directories that could not be looked at are noted, where there are any', async (t) => {
  const { top, kernel, ports } = hugeDirectory(t, ['a/file', 'b/file'])
  kernel.map(2n * M, 1n).touch(1n)
  const unseen = () => {
    const see = noting()
    lookAtHolding(ports as Ports, readMachine(ports.tree), see)
    return see.unseen()
  }
  t.strictSame(unseen(), [])
  answering(t, join(top, 'a'), 'EACCES')
  t.strictSame(unseen(), ['1 directory could not be looked at, and may have files'])
  answering(t, join(top, 'b'), 'EACCES')
  t.strictSame(unseen(), ['2 directories could not be looked at, and may have files'])
})

t.test('a file with pages that nobody has is listed as left', async (t) => {
  const { top, kernel, ports } = hugeDirectory(t, [])
  const file = join(top, 'model')
  // No file system makes less of random bytes.
  writeFileSync(file, randomBytes(Number(2n * M)))
  kernel.map(2n * M, 1n).touch(1n)
  const known = lookAtHolding(ports as Ports, readMachine(ports.tree), noting())
  t.strictSame(
    known?.left.map(({ path, pages, state }) => ({ path, pages, state })),
    [{ path: file, pages: 1n, state: 'left' }],
  )
})
