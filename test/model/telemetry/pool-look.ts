import t from 'tap'
import { countersAt, poolNodeKey } from '../../../src/model/telemetry/pool-look.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('a pool and its part on a node have keys of their own', async (t) => {
  t.equal(poolNodeKey(2n * M), '2097152@all')
  t.equal(poolNodeKey(2n * M, 0), '2097152@0')
})

t.test('the counters of every pool, and of its part on every node that has it', async (t) => {
  const whole = seenPool({ free: 60n, reserved: 20n, overcommit: 8n, surplus: 3n })
  const spread = seenPool({ size: G, total: 4n, free: 4n, nodes: [nodePart(2, 4n, 1n, 2n)] })
  const nodeless = { nodes: [0, 2] }
  t.strictSame(
    [...countersAt(lookAt(0, [whole, spread], nodeless))],
    [
      [
        '2097152@all',
        {
          size: 2n * M,
          counts: {
            total: 100n,
            persistent: 97n,
            free: 60n,
            reserved: 20n,
            available: 40n,
            inUse: 40n,
            surplus: 3n,
            overcommit: 8n,
          },
        },
      ],
      [
        '1073741824@all',
        {
          size: G,
          counts: {
            total: 4n,
            persistent: 4n,
            free: 4n,
            reserved: 0n,
            available: 4n,
            inUse: 0n,
            surplus: 0n,
            overcommit: 0n,
          },
        },
      ],
      [
        '1073741824@2',
        {
          size: G,
          node: 2,
          counts: { total: 4n, persistent: 2n, free: 1n, inUse: 3n, surplus: 2n },
        },
      ],
    ],
  )
})

t.test('what could not be read is absent', async (t) => {
  const { free, reserved, overcommit, ...rest } = seenPool()
  t.strictSame(countersAt(lookAt(0, [rest])).get('2097152@all')?.counts, {
    total: 100n,
    persistent: 100n,
    surplus: 0n,
  })
})
