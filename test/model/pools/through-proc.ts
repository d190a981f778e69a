import t from 'tap'
import { stepFor } from '../../../src/model/pools/pool-plan.ts'
import { planThroughProc, stepsThroughProc } from '../../../src/model/pools/through-proc.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const policy = { mode: 'bind', nodes: [0] } as const
const steps = [
  stepFor({ size: 2n * M, attribute: 'persistent' }, 0n, 4n),
  stepFor({ size: 2n * M, attribute: 'persistent' }, 0n, 4n, policy),
  stepFor({ size: 2n * M, attribute: 'overcommit' }, 0n, 4n),
]
const names = ['nr_hugepages', 'nr_hugepages_mempolicy', 'nr_overcommit_hugepages']

t.test('steps go through /proc where sysfs shows no pool, and only there', async (t) => {
  const pool = poolOf(2n * M)
  t.equal(stepsThroughProc([pool], steps), steps)
  const plan = { steps, settings: [], memoryMinimums: [], notes: [] }
  const machine = machineOf([{ ...pool, onlyInProc: true }], [])
  t.strictSame(
    planThroughProc(machine, plan).steps.map(({ path }) => path),
    names.map((name) => `/proc/sys/vm/${name}`),
  )
})
